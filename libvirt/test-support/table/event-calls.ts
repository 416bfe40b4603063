import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LibvirtClient } from '../../src/client/libvirt-client.ts';
import type { EventKind } from '../../src/events/event-kind.ts';
import { events } from '../../src/events/event-table.ts';
import {
  NetworkLifecycle,
  NodeDeviceLifecycle,
  PoolLifecycle,
  SecretLifecycle,
} from '../../src/events/host-events.ts';
import { procedures } from '../../src/procedures/index.ts';
import { SecretUsage } from '../../src/procedures/host-flags.ts';
import type { TableBench } from './bench.ts';

const { networks, nodeDevices, pools, secrets } = procedures;

/** Resolves with the next `count` events of a kind that `accept` takes: others may come late from earlier tests. */
function next<T>(
  client: LibvirtClient,
  kind: EventKind<T>,
  count: number,
  accept: (event: T) => boolean = () => true,
): Promise<T[]> {
  const seen: T[] = [];
  return new Promise((resolve) => {
    const stop = client.onEvent(kind, (event) => {
      if (!accept(event)) return;
      seen.push(event);
      if (seen.length < count) return;
      stop();
      resolve(seen);
    });
  });
}

/** Events of all families but domains, whose events come with the calls that cause them. */
export function eventCalls(bench: TableBench): void {
  test('networks', async () => {
    const { qemu, qemuClient } = bench;
    const seen = next(qemuClient, events.network.lifecycle, 4, ({ network: { name } }) => name === 'heard');
    const xml = "<network><name>heard</name><bridge name='limen-heard'/></network>";
    const network = await qemu.call(networks.define, { xml });
    await qemu.call(networks.create, { network });
    await qemu.call(networks.destroy, { network });
    await qemu.call(networks.undefine, { network });
    const { defined, started, stopped } = NetworkLifecycle;
    const kinds = [defined, started, stopped, NetworkLifecycle.undefined];
    expect(await seen).toMatchObject(kinds.map((event) => ({ network, event })));
  });

  test('storage pools', async () => {
    const { qemu, qemuClient } = bench;
    const refreshed = next(qemuClient, events.pool.refresh, 1, ({ pool: { name } }) => name === 'heard');
    const { defined, started, stopped } = PoolLifecycle;
    const seen = next(qemuClient, events.pool.lifecycle, 4, ({ pool: { name } }) => name === 'heard');
    const folder = join(bench.daemon.imagesDir, '.');
    const xml = `<pool type='dir'><name>heard</name><target><path>${folder}</path></target></pool>`;
    const pool = await qemu.call(pools.define, { xml });
    await qemu.call(pools.create, { pool });
    await qemu.call(pools.refresh, { pool });
    await qemu.call(pools.destroy, { pool });
    await qemu.call(pools.undefine, { pool });
    expect(await refreshed).toMatchObject([{ pool }]);
    const kinds = [defined, started, stopped, PoolLifecycle.undefined];
    expect(await seen).toMatchObject(kinds.map((event) => ({ pool, event })));
  });

  test('node devices', async () => {
    const { driver, driverClient } = bench;
    const seen = next(driverClient, events.nodeDevice.lifecycle, 2);
    const xml =
      "<device><parent>scsi_host1</parent><capability type='scsi_host'><capability type='fc_host'><wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn></capability></capability></device>";
    const device = await driver.call(nodeDevices.createXml, { xml });
    await driver.call(nodeDevices.destroy, device);
    const { created, deleted } = NodeDeviceLifecycle;
    expect(await seen).toMatchObject([created, deleted].map((event) => ({ device, event })));
  });

  test('secrets', async () => {
    const { qemu, qemuClient } = bench;
    const usageId = randomUUID();
    const changed = next(
      qemuClient,
      events.secret.valueChanged,
      1,
      (event) => event.secret.usageId === usageId,
    );
    const seen = next(qemuClient, events.secret.lifecycle, 2, (event) => event.secret.usageId === usageId);
    const xml = `<secret><usage type='volume'><volume>${usageId}</volume></usage></secret>`;
    const secret = await qemu.call(secrets.define, { xml });
    await qemu.call(secrets.setValue, { secret, value: Buffer.from('value') });
    await qemu.call(secrets.undefine, { secret });
    expect(secret).toMatchObject({ usageId, usageType: SecretUsage.volume });
    expect(await changed).toMatchObject([{ secret }]);
    const kinds = [SecretLifecycle.defined, SecretLifecycle.undefined];
    expect(await seen).toMatchObject(kinds.map((event) => ({ secret, event })));
  });
}
