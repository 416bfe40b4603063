import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { ErrorCode } from '../errors/codes.ts';
import {
  ConnectionLostError,
  isNoDomain,
  isOperationInvalid,
  LibvirtError,
} from '../errors/libvirt-error.ts';
import type { DomainEventPayload } from '../events/domain-events.ts';
import {
  DomainState,
  Lifecycle,
  ListDomains,
  MetadataType,
  Stats,
  UndefineFlag,
} from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';
import { bulkStats } from './bulk-stats.ts';
import { LibvirtClient } from './libvirt-client.ts';

const { connect, node, domains, networks, pools, snapshots } = procedures;

let daemon: PrivateLibvirtd;

beforeAll(async () => {
  daemon = await startLibvirtd();
});

afterAll(() => daemon.stop());

/** A client of the private daemon, connected, closed with the test. */
async function connected(uri: string): Promise<LibvirtClient> {
  const client = new LibvirtClient({ uri, socketPath: daemon.socketPath });
  onTestFinished(() => client.close());
  // Subscribed before it connects, so that what a test listens for later is heard from the first moment.
  client.onDomainEvent('lifecycle', () => undefined);
  const ready = reached(client, 'connected');
  client.start();
  await ready;
  return client;
}

function reached(client: LibvirtClient, state: LibvirtClient['status']['state']): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onStatus((status) => {
      if (status.state !== state) return;
      stop();
      resolve();
    });
  });
}

type LifecycleEvent = DomainEventPayload<'lifecycle'>;

/** Resolves with the next lifecycle event of a domain of this kind. */
function lifecycle(client: LibvirtClient, uuid: string, event: number): Promise<LifecycleEvent> {
  return new Promise((resolve) => {
    const stop = client.onDomainEvent('lifecycle', (seen) => {
      if (seen.domain.uuid !== uuid || seen.event !== event) return;
      stop();
      resolve(seen);
    });
  });
}

function disklessDomain(name: string, uuid: string): string {
  return `<domain type='qemu'><name>${name}</name><uuid>${uuid}</uuid><memory unit='MiB'>32</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='pc'>hvm</type></os>
    <devices><graphics type='vnc' port='-1' autoport='yes'/><video><model type='vga'/></video>
    <serial type='pty'/><console type='pty'/></devices></domain>`;
}

describe('the test driver, through a real daemon', () => {
  test('answers every kind of read', async () => {
    const client = await connected('test:///default');
    expect(await client.call(connect.getType, {})).toBe('TEST');
    expect(await client.call(connect.getUri, {})).toBe('test:///default');
    expect(await client.call(connect.getLibVersion, {})).toBeGreaterThanOrEqual(7_000_000);
    expect(await client.call(connect.getCapabilities, {})).toContain('<capabilities>');
    expect((await client.call(node.getInfo, {})).cpus).toBeGreaterThan(0);
    const [domain] = await client.call(connect.listAllDomains, {});
    if (domain === undefined) throw new Error('the test driver has a domain called "test"');
    expect(await client.call(domains.lookupByName, { name: 'test' })).toEqual(domain);
    expect(await client.call(domains.lookupByUuid, { uuid: domain.uuid })).toEqual(domain);
    expect(await client.call(domains.lookupById, { id: domain.id })).toEqual(domain);
    expect(await client.call(domains.getXmlDesc, { domain })).toContain(domain.uuid);
    expect(await client.call(domains.getState, { domain })).toMatchObject({ state: DomainState.running });
    expect(await client.call(domains.isActive, { domain })).toBe(true);
    expect(await client.call(domains.isPersistent, { domain })).toBe(true);
    const stats = await bulkStats(client, [domain], Stats.state);
    expect(stats.map((entry) => [entry.domain.name, entry.stats.get('state.state')])).toEqual([
      ['test', DomainState.running],
    ]);
    expect(await client.call(connect.listAllNetworks, {})).toMatchObject([{ name: 'default' }]);
    const [pool] = await client.call(connect.listAllPools, {});
    if (pool === undefined) throw new Error('the test driver has a pool');
    expect((await client.call(pools.getInfo, { pool })).capacity).toBeGreaterThan(0);
    const [network] = await client.call(connect.listAllNetworks, {});
    if (network === undefined) throw new Error('the test driver has a network');
    expect(await client.call(networks.getXmlDesc, { network })).toContain('<network');
  });

  test('1,000 changes made on one connection are all heard on another', async () => {
    const [actor, observer] = [await connected('test:///default'), await connected('test:///default')];
    const domain = await actor.call(domains.lookupByName, { name: 'test' });
    let heard = 0;
    const all = new Promise<void>((resolve) => {
      observer.onDomainEvent('lifecycle', () => {
        heard += 1;
        if (heard === 1000) resolve();
      });
    });
    for (let i = 0; i < 500; i += 1) {
      await actor.call(domains.suspend, { domain });
      await actor.call(domains.resume, { domain });
    }
    await all;
    expect(heard).toBe(1000);
  });

  test('an error has libvirt’s numbers; an unknown event is no reason to fail', async () => {
    const client = await connected('test:///default');
    const error: unknown = await client
      .call(domains.lookupByName, { name: 'no such' })
      .catch((reason: unknown) => reason);
    expect(isNoDomain(error)).toBe(true);
    await expect(client.call(domains.defineXml, { xml: '<domain' })).rejects.toMatchObject({
      code: ErrorCode.xmlDetail,
    });
    await expect(client.call(connect.registerDomainEvent, { eventId: 1000 })).rejects.toBeInstanceOf(
      LibvirtError,
    );
    expect(await client.call(connect.getType, {})).toBe('TEST');
  });

  test('the read-only socket reads and refuses to write', async () => {
    const socketPath = `${daemon.socketPath}-ro`;
    const client = new LibvirtClient({ uri: 'test:///default', socketPath, readOnly: true });
    onTestFinished(() => client.close());
    const ready = reached(client, 'connected');
    client.start();
    await ready;
    const [domain] = await client.call(connect.listAllDomains, { flags: ListDomains.active });
    if (domain === undefined) throw new Error('the test driver has a running domain');
    await expect(client.call(domains.suspend, { domain })).rejects.toMatchObject({
      code: ErrorCode.operationDenied,
    });
  });
});

describe('QEMU', () => {
  const uuid = '6f2f6c8e-51b4-4ad3-8a52-6e2a5d0b7c11';
  const domain = { uuid };

  test('a machine’s whole life, its events, its screen and its console', async () => {
    const client = await connected('qemu:///system');
    const defined = lifecycle(client, uuid, Lifecycle.defined);
    await client.call(domains.defineXml, { xml: disklessDomain('life', uuid) });
    expect((await defined).domain.name).toBe('life');

    const started = lifecycle(client, uuid, Lifecycle.started);
    expect((await client.call(domains.create, { domain })).id).toBeGreaterThan(0);
    await started;
    const refused: unknown = await client.call(domains.create, { domain }).catch((reason: unknown) => reason);
    expect(isOperationInvalid(refused)).toBe(true);

    const { reply, stream } = await client.openStream(domains.screenshot, { domain, screen: 0 });
    expect(reply).toBe('image/png');
    expect((await buffer(stream)).subarray(1, 4).toString()).toBe('PNG');

    const console = await client.openStream(domains.openConsole, { domain });
    console.stream.resume();
    const consoleClosed = once(console.stream, 'close');

    const [stats] = await bulkStats(client, [domain], Stats.state | Stats.cpuTotal | Stats.vcpu);
    expect(stats?.stats.get('cpu.time')).toBeGreaterThan(0);
    expect(stats?.stats.get('vcpu.current')).toBe(1);

    await client.call(domains.setAutostart, { domain, autostart: true });
    expect(await client.call(domains.getAutostart, { domain })).toBe(true);
    const metadata = { domain, type: MetadataType.element, uri: 'urn:limen:test', flags: 0 };
    await client.call(domains.setMetadata, { ...metadata, metadata: '<x a="1"/>', key: 'limen' });
    expect(await client.call(domains.getMetadata, metadata)).toContain('a="1"');

    const stopped = lifecycle(client, uuid, Lifecycle.stopped);
    await client.call(domains.destroy, { domain });
    expect((await stopped).detail).toBe(1);
    await consoleClosed;

    expect(await client.call(snapshots.list, { domain })).toEqual([]);
    const undefined_ = lifecycle(client, uuid, Lifecycle.undefined);
    await client.call(domains.undefine, { domain, flags: UndefineFlag.managedSave });
    await undefined_;
    const gone: unknown = await client.call(domains.getState, { domain }).catch((reason: unknown) => reason);
    expect(isNoDomain(gone)).toBe(true);
  });

  test('a daemon that is killed is found again, and its events with it', async () => {
    const client = await connected('qemu:///system');
    const lost = reached(client, 'unavailable');
    await daemon.kill();
    await lost;
    await expect(client.call(connect.getHostname, {})).rejects.toBeInstanceOf(ConnectionLostError);
    const back = reached(client, 'connected');
    await daemon.start();
    await back;
    // Made at once on `connected`, from elsewhere: heard only if the subscription was in place by then.
    const defined = lifecycle(client, uuid, Lifecycle.defined);
    await daemon.define(disklessDomain('after', uuid));
    await defined;
    await client.call(domains.undefine, { domain });
  });
});
