import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootGuest } from '../../../tests/fixtures/guest.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { connectedClient } from '../../test-support/connected-client.ts';
import type { LibvirtClient } from '../client/libvirt-client.ts';
import { procedures } from '../procedures/index.ts';
import type { DomainRef } from '../procedures/records.ts';
import { CharacterDevice } from './views/devices/character-devices.ts';
import { Disk } from './views/devices/disk.ts';
import { Graphics } from './views/devices/graphics.ts';
import { NetworkInterface } from './views/devices/network-interface.ts';
import { CapabilitiesXml } from './views/capabilities.ts';
import { DomainXml } from './views/domain.ts';
import { DomainCapabilitiesXml } from './views/domain-capabilities.ts';
import { NetworkXml } from './views/network.ts';
import { NodeDeviceXml } from './views/node-device.ts';
import { PoolXml, VolumeXml } from './views/storage.ts';
import { SnapshotXml } from './views/snapshot.ts';
import { XmlDocument } from './xml-document.ts';

const { connect, domains, networks, pools, snapshots, volumes } = procedures;
const MIB = 1024 ** 2;
const TEXT = `a < b & "c" 'd' é\n  second line`;
const METADATA = 'urn:test:metadata';

const VOLUME = 'v&"1';

let daemon: PrivateLibvirtd;
let client: LibvirtClient;

beforeAll(async () => {
  daemon = await startLibvirtd();
  client = await connectedClient(daemon.socketPath);
});

afterAll(async () => {
  await client.close();
  await daemon.stop();
});

/** What libvirt wrote comes back as it was, but for the quotes and how references are noted. */
function expectUnchanged(text: string): void {
  const written = XmlDocument.parse(text).toString();
  expect(plain(written)).toBe(plain(text));
  expect(XmlDocument.parse(written).toString()).toBe(written);
}

function plain(text: string): string {
  const characters = text.replaceAll(/&#x([0-9A-F]{2,6});/g, (_reference, code: string) =>
    String.fromCodePoint(Number.parseInt(code, 16)),
  );
  return characters
    .replaceAll(/&(?:quot|apos);|"/g, "'")
    .replaceAll('&gt;', '>')
    .trim();
}

function lines(xml: string): string[] {
  return plain(xml).split('\n').sort();
}

function folder(): string {
  return join(daemon.imagesDir, 'a & b');
}

/** Uses the volume of the first test. */
function machine(): DomainXml {
  const domain = DomainXml.create({
    type: 'qemu',
    name: 'xml',
    memory: 64 * MIB,
    vcpus: { current: 1, maximum: 2 },
    architecture: 'x86_64',
    machine: 'q35',
  });
  domain.description = TEXT;
  domain.setMetadata(METADATA, { name: 't:note', attributes: { text: TEXT }, content: TEXT });
  const source = { type: 'file', file: join(folder(), VOLUME) } as const;
  domain.devices.add(Disk.create({ source, target: 'vda', bus: 'virtio', format: 'qcow2' }));
  domain.devices.add(Disk.create({ device: 'cdrom', target: 'sda', bus: 'sata', format: 'raw' }));
  domain.devices.add(NetworkInterface.create({ source: { type: 'user' }, model: 'virtio' }));
  domain.devices.add(Graphics.create({ type: 'vnc', listens: [{ type: 'socket' }] }));
  domain.devices.add(CharacterDevice.channel('org.test.0'));
  return domain;
}

async function read(domain: DomainRef): Promise<string> {
  return client.call(domains.getXmlDesc, { domain, flags: 0 });
}

test('a pool and a volume', async () => {
  await mkdir(folder());
  const definition = PoolXml.create({ type: 'dir', name: 'images', targetPath: folder() });
  const pool = await client.call(pools.define, { xml: definition.toString() });
  await client.call(pools.create, { pool });
  const poolText = await daemon.virsh('pool-dumpxml', 'images');
  expectUnchanged(poolText);
  expect(PoolXml.parse(poolText)).toMatchObject({ type: 'dir', targetPath: folder() });
  expect(PoolXml.parse(poolText).capacity).toBeGreaterThan(0);

  const wanted = VolumeXml.create({ name: VOLUME, capacity: 3 * MIB + 1024, allocation: 0, format: 'qcow2' });
  await client.call(volumes.create, { pool, xml: wanted.toString() });
  const text = await daemon.virsh('vol-dumpxml', '--pool', 'images', VOLUME);
  expectUnchanged(text);
  const { name, capacity, format, path } = VolumeXml.parse(text);
  expect({ name, capacity, format, path }).toEqual({
    name: VOLUME,
    capacity: 3 * MIB + 1024,
    format: 'qcow2',
    path: join(folder(), VOLUME),
  });
});

test('a domain we wrote is what libvirt read, and changes only where it is changed', async () => {
  const domain = await client.call(domains.defineXml, { xml: machine().toString(), flags: 0 });
  const text = await read(domain);
  expectUnchanged(text);
  const definition = DomainXml.parse(text);
  expect(definition).toMatchObject({
    description: TEXT,
    memory: 64 * MIB,
    vcpus: { current: 1, maximum: 2 },
  });
  expect(definition.metadata(METADATA)?.text).toBe(TEXT);
  expect(definition.devices.disks.map(({ target, source }) => [target, source])).toEqual([
    ['vda', { type: 'file', file: join(folder(), VOLUME) }],
    ['sda', null],
  ]);
  expect(definition.devices.interfaces[0]?.source).toEqual({ type: 'user' });
  expect(definition.devices.channels[0]?.targetName).toBe('org.test.0');

  definition.title = 'changed';
  definition.memory = 96 * MIB;
  definition.currentMemory = 96 * MIB;
  definition.os.bootDevices = ['cdrom', 'hd'];
  await client.call(domains.defineXml, { xml: definition.toString(), flags: 0 });
  // libvirt sorts the controllers it added itself when it reads them back.
  expect(lines(await read(domain))).toEqual(lines(definition.toString()));
});

test('a snapshot', async () => {
  const domain = await client.call(domains.lookupByName, { name: 'xml' });
  const snapshot = await client.call(snapshots.create, {
    domain,
    xml: SnapshotXml.create({ name: 'before', description: TEXT }).toString(),
    flags: 0,
  });
  const text = await client.call(snapshots.getXmlDesc, { snapshot, flags: 0 });
  expectUnchanged(text);
  expect(SnapshotXml.parse(text)).toMatchObject({ name: 'before', description: TEXT, state: 'shutoff' });
});

test('a network', async () => {
  const ips = [{ address: '192.0.2.1', prefix: 24 }];
  const network = NetworkXml.create({ name: 'isolated', bridge: 'virbr-xml', ips });
  await client.call(networks.define, { xml: network.toString() });
  const text = await daemon.virsh('net-dumpxml', 'isolated');
  expectUnchanged(text);
  expect(NetworkXml.parse(text)).toMatchObject({ name: 'isolated', bridge: 'virbr-xml', forwardMode: null });
  expect(NetworkXml.parse(text).ips).toEqual(ips);
});

test('the host’s capabilities', async () => {
  const text = await client.call(connect.getCapabilities, {});
  expectUnchanged(text);
  const guests = CapabilitiesXml.parse(text).guests.filter(({ architecture }) => architecture === 'x86_64');
  expect(guests[0]).toMatchObject({ osType: 'hvm', emulator: '/usr/bin/qemu-system-x86_64' });
  expect(guests[0]?.machines?.map(({ name }) => name)).toContain('q35');

  const domainText = await daemon.virsh('domcapabilities', '--virttype', 'qemu', '--machine', 'q35');
  expectUnchanged(domainText);
  const capabilities = DomainCapabilitiesXml.parse(domainText);
  expect(capabilities.deviceValues('disk', 'bus')).toContain('virtio');
  expect(capabilities.firmwares).toContain('efi');
  expect(capabilities.device('no-such-device')).toBeNull();
});

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

test('every device of the host', async () => {
  const names = (await daemon.virsh('nodedev-list')).split('\n').filter((name) => name !== '');
  const kinds = new Set<string>();
  for (const name of names) {
    const text = await daemon.virsh('nodedev-dumpxml', name);
    expectUnchanged(text);
    const device = NodeDeviceXml.parse(text);
    expect(device.name).toBe(name);
    for (const { kind } of device.capabilities) kinds.add(kind);
    const net = device.capability('net');
    if (net !== null) expect(name).toContain(`net_${net.interface.replaceAll('-', '_')}`);
    const pci = device.capability('pci');
    if (pci !== null) {
      const { domain, bus, slot } = pci;
      expect(name).toBe(`pci_${hex(domain, 4)}_${hex(bus, 2)}_${hex(slot, 2)}_${pci.function}`);
    }
  }
  expect([...kinds]).toEqual(expect.arrayContaining(['system', 'net']));
});

test('a running machine, and what it will be at its next start', async () => {
  const guest = await bootGuest(daemon, { name: 'running', title: TEXT.split('\n')[0] ?? '', vcpus: 2 });
  const [live, inactive] = [
    await daemon.virsh('dumpxml', guest.name, '--security-info'),
    await daemon.virsh('dumpxml', guest.name, '--inactive'),
  ];
  for (const text of [live, inactive]) {
    expectUnchanged(text);
    expect(DomainXml.parse(text)).toMatchObject({ name: guest.name, vcpus: { current: 2, maximum: 2 } });
  }
  const running = DomainXml.parse(live);
  const [id, uuid] = [await daemon.virsh('domid', guest.name), await daemon.virsh('domuuid', guest.name)];
  expect([String(running.id), running.uuid]).toEqual([id, uuid]);
  expect(running.devices.serials[0]?.sourcePath).toBe(await daemon.virsh('ttyconsole', guest.name));
  expect(running.devices.graphics[0]?.socket).toBe(guest.vncSocket);
  expect(running.devices.channels.find((each) => each.targetName === 'org.qemu.guest_agent.0')).toBeDefined();
  expect(running.devices.memoryBalloon).toMatchObject({ model: 'virtio', statsPeriod: 2 });
  expect(DomainXml.parse(inactive).id).toBeNull();
  await daemon.virsh('destroy', guest.name);
  await daemon.virsh('undefine', guest.name);
});
