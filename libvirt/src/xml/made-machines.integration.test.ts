import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { connectedClient } from '../../test-support/connected-client.ts';
import type { LibvirtClient } from '../client/libvirt-client.ts';
import { DefineFlag, UndefineFlag } from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';
import { CharacterDevice, RedirectedDevice, Smartcard } from './views/devices/character-devices.ts';
import { Controller } from './views/devices/controller.ts';
import type { Device } from './views/devices/device.ts';
import { Disk } from './views/devices/disk.ts';
import type { DiskSource } from './views/devices/disk-source.ts';
import { Filesystem } from './views/devices/filesystem.ts';
import { Graphics } from './views/devices/graphics.ts';
import {
  MemoryBalloon,
  Panic,
  RandomGenerator,
  Tpm,
  Vsock,
  Watchdog,
} from './views/devices/guest-services.ts';
import { HostDevice, type HostDeviceSource } from './views/devices/host-device.ts';
import type { InterfaceSource } from './views/devices/interface-source.ts';
import { NetworkInterface } from './views/devices/network-interface.ts';
import { Iommu, MemoryDevice, SharedMemory } from './views/devices/platform-devices.ts';
import { Audio, Hub, Input, Sound, Video } from './views/devices/screen-and-input.ts';
import { DomainXml } from './views/domain.ts';
import { DomainCapabilitiesXml } from './views/domain-capabilities.ts';
import type { XmlElement } from './xml-element.ts';

const { connect, domains } = procedures;
const MIB = 1024 ** 2;

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

function machine(name: string, machineType = 'q35'): DomainXml {
  return DomainXml.create({
    type: 'qemu',
    name,
    memory: 256 * MIB,
    vcpus: { current: 2, maximum: 4 },
    architecture: 'x86_64',
    machine: machineType,
  });
}

/** Let libvirt check it against its schema and make it its own; resolves to what libvirt then says. */
async function accepted(domain: DomainXml): Promise<DomainXml> {
  const ref = await client.call(domains.defineXml, { xml: domain.toString(), flags: DefineFlag.validate });
  const text = await client.call(domains.getXmlDesc, { domain: ref, flags: 0 });
  await client.call(domains.undefine, { domain: ref, flags: UndefineFlag.nvram });
  return DomainXml.parse(text);
}

/** Whether an element says everything another does; what libvirt adds does not matter. */
function says(actual: XmlElement, wanted: XmlElement): boolean {
  return (
    actual.name === wanted.name &&
    wanted.attributes().every(({ name, value }) => actual.attribute(name) === value) &&
    wanted.elements().every((child) => actual.elements().some((candidate) => says(candidate, child))) &&
    (wanted.elements().length > 0 || actual.text.trim() === wanted.text.trim())
  );
}

/** The wanted devices that libvirt does not know of. */
function missing(domain: DomainXml, devices: readonly Device[]): string[] {
  return devices
    .filter(({ element, kind }) => !domain.devices.all(kind).some((actual) => says(actual.element, element)))
    .map(String);
}

const everything: readonly Device[] = [
  Disk.create({
    source: { type: 'file', file: '/images/a.qcow2', startupPolicy: 'optional' },
    device: 'cdrom',
    target: 'sda',
    bus: 'sata',
    format: 'qcow2',
    readonly: true,
  }),
  Disk.create({
    source: { type: 'file', file: '/images/b & c.qcow2' },
    backingChain: [{ format: 'raw', source: { type: 'file', file: '/images/base.img' } }],
    target: 'vda',
    bus: 'virtio',
    format: 'qcow2',
    cache: 'none',
    io: 'native',
    discard: 'unmap',
    detectZeroes: 'unmap',
    errorPolicy: 'stop',
    iothread: 1,
    queues: 2,
    serial: 'S N-1',
    bootOrder: 1,
    iotune: { totalBytesSec: 10_000_000, readIopsSec: 100, writeIopsSec: 50 },
    blockSize: { logical: 512, physical: 4096 },
    shareable: false,
  }),
  Disk.create({ target: 'fda', bus: 'fdc', device: 'floppy', format: 'raw' }),
  Disk.create({
    source: { type: 'file', file: '/images/shared.img' },
    target: 'sdb',
    bus: 'scsi',
    format: 'raw',
    shareable: true,
    wwn: '5000c50015ea71aa',
    vendor: 'ACME',
    product: 'Disk',
    rotationRate: 1,
  }),
  Controller.create({ type: 'scsi', index: 0, model: 'virtio-scsi', queues: 4, iothread: 1 }),
  Controller.create({ type: 'usb', index: 0, model: 'qemu-xhci', ports: 15 }),
  Controller.create({ type: 'virtio-serial', index: 0, ports: 16, vectors: 4 }),
  Controller.create({ type: 'ccid', index: 0 }),
  Filesystem.create({
    driver: 'virtiofs',
    sourceDirectory: '/srv',
    target: 'share',
    queue: 1024,
    xattr: true,
  }),
  Filesystem.create({ accessMode: 'mapped', sourceDirectory: '/srv', target: 'nine', readonly: true }),
  NetworkInterface.create({
    source: { type: 'network', network: 'default', portgroup: 'fast' },
    mac: '52:54:00:00:00:01',
    model: 'virtio',
    queues: 2,
    driver: 'vhost',
    filterref: { filter: 'clean-traffic', parameters: [{ name: 'IP', value: '192.0.2.2' }] },
    bandwidth: { inbound: { average: 1000, peak: 2000, burst: 512 }, outbound: { average: 500 } },
    link: 'down',
    mtu: 1400,
    bootOrder: 2,
  }),
  CharacterDevice.create('serial', {
    type: 'pty',
    targetType: 'isa-serial',
    targetPort: 0,
    logFile: '/l',
    logAppend: true,
  }),
  CharacterDevice.create('parallel', { type: 'file', sourcePath: '/p', sourceAppend: true, targetPort: 0 }),
  CharacterDevice.create('console', { type: 'pty', targetType: 'virtio' }),
  CharacterDevice.channel('org.qemu.guest_agent.0'),
  CharacterDevice.create('channel', {
    type: 'spicevmc',
    targetType: 'virtio',
    targetName: 'com.redhat.spice.0',
  }),
  CharacterDevice.create('channel', {
    type: 'unix',
    sourceMode: 'bind',
    sourcePath: '/run/x.sock',
    targetType: 'virtio',
    targetName: 'org.limen.agent.0',
  }),
  Smartcard.create({ mode: 'passthrough', type: 'spicevmc' }),
  Input.create({ type: 'tablet', bus: 'usb' }),
  Input.create({ type: 'keyboard', bus: 'virtio', model: 'virtio' }),
  Input.create({ type: 'passthrough', bus: 'virtio', evdev: '/dev/input/event0' }),
  Graphics.create({ type: 'vnc', listens: [{ type: 'socket' }], keymap: 'de', sharePolicy: 'force-shared' }),
  Graphics.create({
    type: 'spice',
    listens: [{ type: 'address', address: '127.0.0.1' }],
    clipboardCopyPaste: false,
  }),
  Sound.create({ model: 'ich9', codecs: ['duplex'], audioId: 1 }),
  Audio.create({ id: 1, type: 'none' }),
  Video.create({ model: 'virtio', heads: 2, primary: true, resolution: { x: 1280, y: 800 } }),
  Video.create({ model: 'qxl', ram: 65_536, vram: 65_536, vgamem: 16_384 }),
  HostDevice.create({ source: { type: 'usb', vendor: 0x46d, product: 0xc52b, startupPolicy: 'optional' } }),
  RedirectedDevice.create({ type: 'spicevmc' }),
  Hub.create(),
  Watchdog.create({ model: 'i6300esb', action: 'reset' }),
  MemoryBalloon.create({ model: 'virtio', autodeflate: true, freePageReporting: true, statsPeriod: 5 }),
  RandomGenerator.create({
    model: 'virtio',
    rate: { bytes: 1024, period: 1000 },
    backend: { model: 'random', device: '/dev/urandom' },
  }),
  Panic.create({ model: 'isa' }),
  MemoryDevice.create({ model: 'dimm', size: 128 * MIB, node: 0 }),
  MemoryDevice.create({ model: 'virtio-mem', size: 256 * MIB, blockSize: 2 * MIB, requested: 0, node: 0 }),
  Iommu.create({ model: 'intel', cachingMode: true, interruptRemapping: true, iotlb: true }),
  Vsock.create({ cid: 42 }),
];

test('libvirt accepts a BIOS machine with every kind of device, and every tuning', async () => {
  const domain = machine('bios');
  domain.title = 'T & <t>';
  domain.genid = '3a0f2a2c-8a0c-4d4c-b11c-1f4c9f3a1b2c';
  domain.maxMemory = { slots: 4, bytes: 1024 * MIB };
  domain.memoryBacking = { source: 'memfd', access: 'shared', discard: true };
  domain.memtune = { hardLimit: 1024 * MIB, softLimit: 512 * MIB };
  domain.cpuset = '0-1';
  domain.vcpuStates = [0, 1, 2, 3].map((id) => ({
    id,
    enabled: id < 2,
    hotpluggable: id > 0,
    ...(id < 2 && { order: id + 1 }),
  }));
  domain.iothreads = 2;
  domain.cputune = {
    shares: 2048,
    period: 100_000,
    quota: 50_000,
    vcpuPins: [{ vcpu: 0, cpuset: '0' }],
    emulatorPin: '0-1',
    iothreadPins: [{ iothread: 1, cpuset: '1' }],
    vcpuSchedulers: [{ vcpus: '0', scheduler: 'fifo', priority: 1 }],
  };
  domain.numatune = { mode: 'strict', nodeset: '0' };
  const sysinfo = domain.ensureSysinfo();
  sysinfo.system = { manufacturer: 'LIMEN', serial: 'a<b' };
  sysinfo.oemStrings = ['one', 'two'];
  domain.os.bootMenu = { enabled: true, timeout: 3000 };
  domain.features.vmport = false;
  domain.features.ioapic = 'qemu';
  domain.features.pmu = true;
  domain.features.kvmHidden = true;
  domain.features.hypervMode = 'custom';
  domain.features.hypervRelaxed = true;
  domain.features.hypervSpinlocks = true;
  domain.features.hypervSpinlockRetries = 8191;
  domain.features.hypervVendorId = true;
  domain.features.hypervVendorIdValue = 'LIMEN';
  domain.cpu.mode = 'custom';
  domain.cpu.match = 'exact';
  domain.cpu.check = 'none';
  domain.cpu.model = 'qemu64';
  domain.cpu.modelFallback = 'forbid';
  domain.cpu.topology = { sockets: 1, dies: 1, cores: 2, threads: 2 };
  domain.cpu.setFeaturePolicy('svm', 'disable');
  domain.cpu.numaCells = [{ id: 0, cpus: '0-3', memory: 256 * MIB, memoryAccess: 'shared' }];
  domain.clock.offset = 'localtime';
  domain.clock.timers = [
    { name: 'rtc', tickPolicy: 'catchup', track: 'guest' },
    { name: 'hpet', present: false },
  ];
  domain.pm.suspendToMem = false;
  domain.pm.suspendToDisk = true;
  domain.onPoweroff = 'destroy';
  domain.onReboot = 'restart';
  domain.onCrash = 'preserve';
  domain.securityLabels = [{ type: 'dynamic', model: 'dac', relabel: true }];
  domain.setMetadata('urn:test', { name: 't:t', attributes: { owner: 'a"b' } });
  for (const device of everything) domain.devices.add(device);
  domain.devices.add(SharedMemory.create({ name: 'shm', model: 'ivshmem-plain', size: 4 * MIB }));

  const known = await accepted(domain);
  // libvirt writes it in a unit of its own.
  expect(known.devices.sharedMemories[0]).toMatchObject({
    name: 'shm',
    model: 'ivshmem-plain',
    size: 4 * MIB,
  });
  expect(missing(known, everything)).toEqual([]);
  for (const part of domain.root
    .elements()
    .filter(({ name }) => !['devices', 'os', 'memory'].includes(name))) {
    expect(
      known.root.elements().some((element) => says(element, part)),
      String(part),
    ).toBe(true);
  }
  expect(known.devices.nextTargetDev('virtio')).toBe('vdb');
  expect(known.devices.nextTargetDev('sata')).toBe('sdc');
});

const remote = { protocol: 'rbd', name: 'pool/image', hosts: [{ name: 'mon.example', port: 6789 }] };
const address = { domain: 0, bus: 1, slot: 2, function: 3 };

test.each<DiskSource>([
  { type: 'file', file: '/a & "b"' },
  { type: 'block', dev: '/dev/vg/lv', startupPolicy: 'mandatory' },
  { type: 'dir', dir: '/srv' },
  { type: 'volume', pool: 'p', volume: 'v', mode: 'host' },
  { type: 'network', ...remote, snapshot: 's', config: '/ceph.conf' },
  { type: 'network', ...remote, auth: { username: 'u', secretType: 'ceph', secretUsage: 'key' } },
  {
    type: 'network',
    protocol: 'iscsi',
    name: 'iqn.2026-01.org.example:disk/1',
    hosts: [{ name: 'san', port: 3260 }],
    initiator: 'iqn.2026-01.org.example:me',
  },
  { type: 'network', protocol: 'nbd', tls: true, hosts: [{ name: 'n', port: 10_809 }], tlsHostname: 'm' },
  {
    type: 'network',
    protocol: 'nbd',
    hosts: [{ transport: 'unix', socket: '/run/nbd' }],
  },
  {
    type: 'network',
    protocol: 'https',
    name: 'a.iso',
    query: 'a=b&c',
    hosts: [{ name: 'example.org', port: 443 }],
    verifyCertificate: false,
    timeout: 30,
  },
  { type: 'network', protocol: 'nfs', name: '/a.img', hosts: [{ name: 'h' }], user: 'u', group: '+0' },
  { type: 'nvme', namespace: 1, managed: true, address },
  { type: 'vhostuser', path: '/run/vhost', reconnect: { enabled: true, timeout: 10 } },
])('a disk from $type $protocol is what libvirt reads', async (source) => {
  const domain = machine('disk');
  domain.memoryBacking = { source: 'memfd', access: 'shared' };
  const [device, format] = source.type === 'dir' ? (['floppy', 'fat'] as const) : (['disk', 'raw'] as const);
  const readonly = source.type === 'dir' || source.type === 'network';
  const [target, bus] = device === 'floppy' ? ['fda', 'fdc'] : ['vda', 'virtio'];
  domain.devices.add(Disk.create({ source, device, target, bus, format, readonly }));
  const known = await accepted(domain);
  expect(known.devices.disks[0]?.source).toEqual(source);
});

test.each<InterfaceSource>([
  { type: 'network', network: 'n' },
  { type: 'bridge', bridge: 'br0' },
  { type: 'direct', dev: 'eth0', mode: 'private' },
  { type: 'user' },
  { type: 'ethernet' },
  { type: 'null' },
  { type: 'hostdev', address },
  { type: 'vdpa', dev: '/dev/vhost-vdpa-0' },
  { type: 'vhostuser', path: '/run/vhost', mode: 'server' },
  { type: 'server', address: '192.0.2.1', port: 5558 },
  { type: 'client', address: '192.0.2.1', port: 5558 },
  { type: 'mcast', address: '230.0.0.1', port: 5558 },
  { type: 'udp', address: '192.0.2.1', port: 1, local: { address: '192.0.2.2', port: 2 } },
])('an interface on $type is what libvirt reads', async (source) => {
  const domain = machine('nic');
  domain.devices.add(
    NetworkInterface.create({ source, ...(source.type !== 'hostdev' && { model: 'virtio' }) }),
  );
  const known = await accepted(domain);
  expect(known.devices.interfaces[0]?.source).toEqual(source);
});

test.each<HostDeviceSource>([
  { type: 'pci', address },
  { type: 'usb', bus: 1, device: 2 },
  { type: 'scsi', adapter: 'scsi_host0', bus: 0, target: 1, unit: 2 },
  { type: 'mdev', uuid: 'c2177883-f1bb-47f0-914d-32a22e3a8804' },
])('a $type device of the host is what libvirt reads', async (source) => {
  const domain = machine('hostdev');
  domain.devices.add(HostDevice.create({ source, ...(source.type === 'mdev' && { model: 'vfio-pci' }) }));
  expect((await accepted(domain)).devices.hostDevices[0]?.source).toEqual(source);
});

test('a machine with secure boot and a TPM is accepted, and starts', async () => {
  const text = await client.call(connect.getDomainCapabilities, { virtType: 'qemu', machine: 'q35' });
  const capabilities = DomainCapabilitiesXml.parse(text);
  expect(capabilities.supportsSecureBoot).toBe(true);
  expect(capabilities.deviceValues('tpm', 'backendModel')).toContain('emulator');

  const domain = machine('secure');
  domain.os.setUefi({ secureBoot: true });
  domain.features.smm = true;
  domain.devices.add(Tpm.create({ model: 'tpm-crb' }));
  domain.devices.add(Video.create({ model: 'virtio' }));
  domain.devices.add(Graphics.create({ type: 'vnc', listens: [{ type: 'socket' }] }));
  const ref = await client.call(domains.defineXml, { xml: domain.toString(), flags: DefineFlag.validate });
  await client.call(domains.create, { domain: ref, flags: 0 });
  const running = DomainXml.parse(await client.call(domains.getXmlDesc, { domain: ref, flags: 0 }));
  await client.call(domains.destroy, { domain: ref, flags: 0 });
  await client.call(domains.undefine, { domain: ref, flags: UndefineFlag.nvram });
  expect(running.os).toMatchObject({
    isUefi: true,
    isSecureBoot: true,
    loader: { secure: true, type: 'pflash' },
  });
  expect(running.id).toBeGreaterThan(0);
  expect(running.devices.tpms[0]).toMatchObject({ model: 'tpm-crb', backend: 'emulator', version: '2.0' });
  expect(running.devices.graphics[0]?.socket).toContain('vnc.sock');
});
