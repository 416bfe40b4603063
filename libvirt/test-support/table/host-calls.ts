import { createConnection } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ErrorCode } from '../../src/errors/codes.ts';
import { CpuComparison, SecretUsage } from '../../src/procedures/host-flags.ts';
import { procedures } from '../../src/procedures/index.ts';
import { Connection } from '../../src/transport/connection.ts';
import type { TableBench } from './bench.ts';
import { type Caller, refusal } from './executed.ts';

const { connect, node, nodeDevices, interfaces, secrets, nwFilters } = procedures;

export function hostCalls(bench: TableBench): void {
  test('the calls of a handshake, made by hand', async () => {
    const first = await openByHand(bench, 'test:///default');
    expect(await first.call(connect.supportsFeature, { feature: 10 })).toBe(true);
    expect(await first.call(connect.authList, {})).toEqual([0]);
    const second = await openByHand(bench, 'test:///default');
    expect(await refusal(second.call(connect.open, { uri: 'test:///default' }))).toBe(
      ErrorCode.internalError,
    );
    const third = await openByHand(bench, 'test:///default');
    expect(await refusal(third.call(connect.authPolkit, {}))).toBe(ErrorCode.internalError);
    const fourth = await openByHand(bench, 'test:///default');
    await fourth.call(connect.close, {});
  });

  test('the connection', async () => {
    const { driver, qemu } = bench;
    expect(await driver.call(connect.getType, {})).toBe('TEST');
    expect(await driver.call(connect.getVersion, {})).toBe(2);
    expect(await driver.call(connect.getLibVersion, {})).toBeGreaterThanOrEqual(7_000_000);
    expect(await driver.call(connect.getHostname, {})).not.toBe('');
    expect(await driver.call(connect.getUri, {})).toBe('test:///default');
    expect(await driver.call(connect.isSecure, {})).toBe(true);
    expect(await driver.call(connect.getMaxVcpus, { type: 'test' })).toBeGreaterThan(0);
    expect(await driver.call(connect.getCapabilities, {})).toContain('<capabilities>');
    expect(await qemu.call(connect.getDomainCapabilities, { virtType: 'qemu' })).toContain(
      '<domainCapabilities>',
    );
    expect(await qemu.call(connect.getPoolCapabilities, {})).toContain("<pool type='dir'");
    expect(await refusal(qemu.call(connect.findPoolSources, { type: 'dir' }))).toBe(ErrorCode.noSupport);
    expect(await qemu.call(connect.getCpuModelNames, { arch: 'x86_64' })).toContain('qemu64');
    const cpu = '<cpu><arch>x86_64</arch><model>qemu32</model></cpu>';
    expect(Object.values(CpuComparison)).toContain(await qemu.call(connect.compareCpu, { xml: cpu }));
    await qemu.call(connect.registerCloseCallback, {});
    await qemu.call(connect.unregisterCloseCallback, {});
  });

  test('subscriptions of every family', async () => {
    const qemu = await openByHand(bench, 'qemu:///system');
    const lifecycle = { eventId: 0 };
    const domain = await qemu.call(connect.registerDomainEvent, lifecycle);
    await qemu.call(connect.deregisterDomainEvent, { callbackId: domain });
    const network = await qemu.call(connect.registerNetworkEvent, lifecycle);
    await qemu.call(connect.deregisterNetworkEvent, { callbackId: network });
    const pool = await qemu.call(connect.registerPoolEvent, lifecycle);
    await qemu.call(connect.deregisterPoolEvent, { callbackId: pool });
    const device = await qemu.call(connect.registerNodeDeviceEvent, lifecycle);
    await qemu.call(connect.deregisterNodeDeviceEvent, { callbackId: device });
    const secret = await qemu.call(connect.registerSecretEvent, lifecycle);
    await qemu.call(connect.deregisterSecretEvent, { callbackId: secret });
    const again = qemu.call(connect.deregisterSecretEvent, { callbackId: secret });
    expect(await refusal(again)).toBe(ErrorCode.internalError);
  });

  test('hardware', async () => {
    const { driver, qemu } = bench;
    const info = await qemu.call(node.getInfo, {});
    expect(info.cpus).toBeGreaterThan(0);
    expect(info.memoryKiB).toBeGreaterThan(0);
    const { count } = await qemu.call(node.getCpuStats, { cpu: -1, paramCount: 0 });
    const cpu = await qemu.call(node.getCpuStats, { cpu: -1, paramCount: count });
    expect(cpu.params.map((counter) => counter.field)).toContain('idle');
    const asked = await qemu.call(node.getMemoryStats, { cell: -1, paramCount: 0 });
    const memory = await qemu.call(node.getMemoryStats, { cell: -1, paramCount: asked.count });
    expect(memory.params.map((counter) => counter.field)).toContain('total');
    expect(await qemu.call(node.getFreeMemory, {})).toBeGreaterThan(0);
    expect(await driver.call(node.getCellsFreeMemory, { firstCell: 0, maxCells: 2 })).toHaveLength(2);
    const pages = { pageSizes: [4], firstCell: -1, cells: 1 };
    expect(await qemu.call(node.getFreePages, pages)).toHaveLength(1);
    const cpus = await qemu.call(node.getCpuMap, {});
    expect(cpus.present).toBe(info.cpus);
    expect(cpus.online.length).toBeGreaterThan(0);
    expect(await qemu.call(node.getSecurityModel, {})).toEqual({ model: 'none', doi: '0' });
    expect(await refusal(qemu.call(node.getSevInfo, { paramCount: 0 }))).toBe(ErrorCode.operationUnsupported);
  });

  test('node devices', async () => {
    const { qemu, driver } = bench;
    const name = 'computer';
    expect(await driver.call(connect.listAllNodeDevices, {})).toContainEqual({ name });
    expect(await driver.call(nodeDevices.lookupByName, { name })).toEqual({ name });
    expect(await driver.call(nodeDevices.getXmlDesc, { name })).toContain(`<name>${name}</name>`);
    expect(await driver.call(nodeDevices.getParent, { name })).toBeNull();
    expect(await driver.call(nodeDevices.listCaps, { name, maxNames: 8 })).toEqual(['system']);
    const missing = { name: 'pci_ffff_ff_1f_7' };
    // A host without VFIO refuses before it looks for the device.
    expect([ErrorCode.noNodeDevice, ErrorCode.argumentUnsupported]).toContain(
      await refusal(qemu.call(nodeDevices.detach, missing)),
    );
    expect(await refusal(qemu.call(nodeDevices.reattach, missing))).toBe(ErrorCode.noNodeDevice);
    expect(await refusal(qemu.call(nodeDevices.reset, missing))).toBe(ErrorCode.noNodeDevice);
  });

  test('interfaces', async () => {
    const { driver } = bench;
    const [known] = await driver.call(connect.listAllInterfaces, {});
    if (known === undefined) throw new Error('the test driver has an interface');
    expect(await driver.call(interfaces.lookupByName, { name: known.name })).toEqual(known);
    expect(await driver.call(interfaces.lookupByMac, { mac: known.mac })).toEqual(known);
    expect(await driver.call(interfaces.getXmlDesc, { interface: known })).toContain(known.mac);
    await driver.call(interfaces.changeBegin, {});
    const xml = "<interface type='ethernet' name='eth7'><mac address='aa:bb:cc:dd:ee:07'/></interface>";
    const made = await driver.call(interfaces.define, { xml });
    expect(made).toEqual({ name: 'eth7', mac: 'aa:bb:cc:dd:ee:07' });
    await driver.call(interfaces.create, { interface: made });
    expect(await driver.call(interfaces.isActive, { interface: made })).toBe(true);
    await driver.call(interfaces.changeCommit, {});
    await driver.call(interfaces.destroy, { interface: made });
    expect(await driver.call(interfaces.isActive, { interface: made })).toBe(false);
    await driver.call(interfaces.changeBegin, {});
    await driver.call(interfaces.undefine, { interface: made });
    expect(await driver.call(connect.listAllInterfaces, {})).toEqual([known]);
    await driver.call(interfaces.changeRollback, {});
    expect(await driver.call(connect.listAllInterfaces, {})).toHaveLength(2);
  });

  test('secrets', async () => {
    const { qemu } = bench;
    const xml =
      "<secret ephemeral='no' private='no'><usage type='volume'><volume>/v</volume></usage></secret>";
    const secret = await qemu.call(secrets.define, { xml });
    expect(secret).toMatchObject({ usageType: SecretUsage.volume, usageId: '/v' });
    expect(await qemu.call(connect.listAllSecrets, {})).toEqual([secret]);
    expect(await qemu.call(secrets.lookupByUuid, { uuid: secret.uuid })).toEqual(secret);
    const usage = { usageType: SecretUsage.volume, usageId: '/v' };
    expect(await qemu.call(secrets.lookupByUsage, usage)).toEqual(secret);
    expect(await qemu.call(secrets.getXmlDesc, { secret })).toContain(secret.uuid);
    const value = Buffer.from([0, 1, 2, 253, 254]);
    await qemu.call(secrets.setValue, { secret, value });
    expect(value.equals(await qemu.call(secrets.getValue, { secret }))).toBe(true);
    await qemu.call(secrets.undefine, { secret });
    expect(await refusal(qemu.call(secrets.getXmlDesc, { secret }))).toBe(ErrorCode.noSecret);
  });

  test('packet filters', async () => {
    const { qemu } = bench;
    const filter = await qemu.call(nwFilters.define, { xml: "<filter name='table' chain='root'/>" });
    expect(await qemu.call(connect.listAllNwFilters, {})).toContainEqual(filter);
    expect(await qemu.call(nwFilters.lookupByName, { name: 'table' })).toEqual(filter);
    expect(await qemu.call(nwFilters.lookupByUuid, { uuid: filter.uuid })).toEqual(filter);
    expect(await qemu.call(nwFilters.getXmlDesc, { filter })).toContain("name='table'");
    await qemu.call(nwFilters.undefine, { filter });
    expect(await refusal(qemu.call(nwFilters.getXmlDesc, { filter }))).toBe(ErrorCode.noNwfilter);
  });
}

async function openByHand(bench: TableBench, uri: string): Promise<Caller> {
  const socket = createConnection(bench.daemon.socketPath);
  const connection = await Connection.open(socket, { uri, readOnly: false });
  onTestFinished(() => connection.close());
  return bench.executed.through(connection);
}
