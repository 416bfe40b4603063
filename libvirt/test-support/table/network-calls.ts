import { expect, test } from 'vitest';
import { ErrorCode } from '../../src/errors/codes.ts';
import { procedures } from '../../src/procedures/index.ts';
import {
  NetworkPortFields,
  NetworkSection,
  NetworkUpdate,
  NetworkUpdateFlag,
} from '../../src/procedures/network-flags.ts';
import { buildParams } from '../../src/xdr/param-fields.ts';
import type { TableBench } from './bench.ts';
import { refusal } from './executed.ts';

const { connect, networks, networkPorts } = procedures;

export function networkCalls(bench: TableBench): void {
  test('a network’s life', async () => {
    const { qemu, driver } = bench;
    const xml = `<network><name>table</name><bridge name='limen-table'/>
      <ip address='198.18.77.1' netmask='255.255.255.0'><dhcp><range start='198.18.77.10' end='198.18.77.20'/></dhcp></ip></network>`;
    const network = await qemu.call(networks.define, { xml });
    await qemu.call(networks.create, { network });
    expect(await qemu.call(connect.listAllNetworks, {})).toEqual([network]);
    expect(await qemu.call(networks.lookupByName, { name: 'table' })).toEqual(network);
    expect(await qemu.call(networks.lookupByUuid, { uuid: network.uuid })).toEqual(network);
    expect(await qemu.call(networks.isActive, { network })).toBe(true);
    expect(await qemu.call(networks.isPersistent, { network })).toBe(true);
    expect(await qemu.call(networks.getBridgeName, { network })).toBe('limen-table');
    await qemu.call(networks.setAutostart, { network, autostart: true });
    expect(await qemu.call(networks.getAutostart, { network })).toBe(true);
    await qemu.call(networks.update, {
      network,
      command: NetworkUpdate.addLast,
      section: NetworkSection.ipDhcpHost,
      parent: -1,
      xml: "<host mac='52:54:00:00:00:07' name='seven' ip='198.18.77.15'/>",
      flags: NetworkUpdateFlag.live | NetworkUpdateFlag.config,
    });
    expect(await qemu.call(networks.getXmlDesc, { network })).toContain('52:54:00:00:00:07');
    expect(await qemu.call(networks.getDhcpLeases, { network })).toEqual([]);
    await qemu.call(networks.destroy, { network });
    await qemu.call(networks.undefine, { network });
    expect(await refusal(qemu.call(networks.getBridgeName, { network }))).toBe(ErrorCode.noNetwork);

    const transient = await driver.call(networks.createXml, {
      xml: '<network><name>transient</name></network>',
    });
    expect(await driver.call(networks.isPersistent, { network: transient })).toBe(false);
    await driver.call(networks.destroy, { network: transient });
  });

  test('a port of a network', async () => {
    const { qemu } = bench;
    const network = await qemu.call(networks.createXml, {
      xml: "<network><name>ports</name><bridge name='limen-ports'/></network>",
    });
    const xml = `<networkport><uuid>6f2f6c8e-51b4-4ad3-8a52-6e2a5d0b7c12</uuid><owner><name>guest</name><uuid>6f2f6c8e-51b4-4ad3-8a52-6e2a5d0b7c11</uuid></owner>
      <mac address='52:54:00:7b:35:93'/></networkport>`;
    const port = await qemu.call(networkPorts.createXml, { network, xml });
    expect(await qemu.call(networkPorts.list, { network })).toEqual([port]);
    expect(await qemu.call(networkPorts.lookupByUuid, { network, uuid: port.uuid })).toEqual(port);
    expect(await qemu.call(networkPorts.getXmlDesc, { port })).toContain('52:54:00:7b:35:93');
    const params = buildParams(NetworkPortFields, { 'inbound.average': 512 });
    await qemu.call(networkPorts.setParameters, { port, params });
    const { count } = await qemu.call(networkPorts.getParameters, { port, paramCount: 0 });
    const answer = await qemu.call(networkPorts.getParameters, { port, paramCount: count });
    expect(answer.params.get('inbound.average')).toBe(512);
    await qemu.call(networkPorts.delete, { port });
    expect(await qemu.call(networkPorts.list, { network })).toEqual([]);
    await qemu.call(networks.destroy, { network });
  });
}
