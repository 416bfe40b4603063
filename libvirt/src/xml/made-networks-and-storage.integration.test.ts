import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { type NetworkOptions, NetworkXml } from './views/network.ts';
import { SnapshotXml } from './views/snapshot.ts';
import { PoolXml, VolumeXml } from './views/storage.ts';
import { DomainXml } from './views/domain.ts';
import { Disk } from './views/devices/disk.ts';

let daemon: PrivateLibvirtd;

beforeAll(async () => {
  daemon = await startLibvirtd();
});

afterAll(async () => {
  await daemon.stop();
});

/** Run a command of virsh's that takes a document, and has libvirt check it against its schema. */
async function give(command: readonly string[], document: { toString(): string }): Promise<void> {
  const file = join(daemon.guestDir, 'document.xml');
  await writeFile(file, document.toString());
  // libvirt 9.0 offers to check volumes, too, and then refuses to.
  const check = command[0] === 'vol-create' ? [] : ['--validate'];
  await daemon.virsh(...command, file, ...check);
}

type PoolOptions = Parameters<typeof PoolXml.create>[0];

const dhcp = {
  ranges: [{ start: '192.0.2.100', end: '192.0.2.200', leaseExpiry: 12, leaseUnit: 'hours' }],
  hosts: [{ mac: '52:54:00:00:00:02', name: 'web', ip: '192.0.2.2' }],
  bootFile: 'pxelinux.0',
  bootServer: '192.0.2.3',
};
const ips = [
  { address: '192.0.2.1', netmask: '255.255.255.0', dhcp },
  { family: 'ipv6', address: '2001:db8::1', prefix: 64 },
];

test.each<NetworkOptions>([
  {
    name: 'nat',
    forward: {
      mode: 'nat',
      natAddresses: [{ start: '198.51.100.1', end: '198.51.100.2' }],
      natPorts: [{ start: 1024, end: 2048 }],
    },
    bridge: 'virbr-a',
    stp: 'on',
    bridgeDelay: 0,
    mac: '52:54:00:00:00:01',
    mtu: 1400,
    domain: 'lab.example',
    domainLocalOnly: true,
    dns: {
      forwardPlainNames: false,
      forwarders: [{ address: '203.0.113.1', domain: 'a.example' }],
      hosts: [{ ip: '192.0.2.5', hostnames: ['a', 'b'] }],
      txt: [{ name: 'key', value: 'v & w' }],
      srv: [
        {
          service: 'ldap',
          protocol: 'tcp',
          domain: 'x.example',
          target: 't.',
          port: 389,
          priority: 1,
          weight: 2,
        },
      ],
    },
    bandwidth: { inbound: { average: 1000 }, outbound: { average: 500, peak: 600, burst: 700 } },
    ips,
    portgroups: [{ name: 'fast', default: true, bandwidth: { inbound: { average: 9000 } } }],
    isolatedPorts: true,
  },
  {
    name: 'route',
    forward: { mode: 'route', dev: 'eth9' },
    bridge: 'virbr-b',
    ips,
    routes: [{ address: '198.51.100.0', prefix: 24, gateway: '192.0.2.9', metric: 2 }],
  },
  { name: 'open', forward: { mode: 'open' }, bridge: 'virbr-c', ips: [{ address: '192.0.2.1', prefix: 24 }] },
  { name: 'isolated', bridge: 'virbr-d', ipv6: true },
  { name: 'bridge', forward: { mode: 'bridge' }, bridge: 'br0' },
  {
    name: 'switch',
    forward: { mode: 'bridge' },
    bridge: 'ovs0',
    virtualPortType: 'openvswitch',
    portgroups: [
      { name: 'v', vlan: { trunk: true, tags: [{ id: 42, nativeMode: 'untagged' }, { id: 47 }] } },
    ],
  },
  { name: 'macvtap', forward: { mode: 'private', interfaces: [{ dev: 'eth8' }] } },
])('a network of mode $forward.mode named $name is what libvirt reads', async (options) => {
  await give(['net-define'], NetworkXml.create(options));
  const known = NetworkXml.parse(await daemon.virsh('net-dumpxml', '--inactive', options.name));
  await daemon.virsh('net-undefine', options.name);
  expect(known).toMatchObject(options);
});

const target = { targetPath: '/mnt/x', permissions: { mode: '0711', owner: 1, group: 2 } };

test.each<PoolOptions>([
  { type: 'dir', name: 'dir', ...target },
  { type: 'fs', name: 'fs', source: { devices: [{ path: '/dev/x1' }], format: 'ext4' }, ...target },
  {
    type: 'netfs',
    name: 'netfs',
    source: { hosts: [{ name: 'nas' }], directory: '/export', format: 'nfs', protocolVersion: '4.1' },
    ...target,
  },
  {
    type: 'logical',
    name: 'logical',
    source: { devices: [{ path: '/dev/x2' }], name: 'vg', format: 'lvm2' },
    targetPath: '/dev/vg',
  },
  {
    type: 'disk',
    name: 'disk',
    source: { devices: [{ path: '/dev/x3' }], format: 'gpt' },
    targetPath: '/dev',
  },
  {
    type: 'iscsi',
    name: 'iscsi',
    source: {
      hosts: [{ name: 'san', port: 3260 }],
      devices: [{ path: 'iqn.2026-01.org.example:t' }],
      auth: { type: 'chap', username: 'u', secretUsage: 'key' },
    },
    targetPath: '/dev/disk/by-path',
  },
  {
    type: 'rbd',
    name: 'rbd',
    source: {
      hosts: [{ name: 'mon', port: 6789 }],
      name: 'pool',
      auth: { type: 'ceph', username: 'u', secretUuid: '2ec115d7-3a88-3ceb-bc12-0ac909a6fd87' },
    },
  },
  {
    type: 'scsi',
    name: 'scsi',
    source: { adapter: { type: 'scsi_host', name: 'scsi_host9' } },
    targetPath: '/dev',
  },
])('a pool of type $type is what libvirt reads', async (options) => {
  try {
    await give(['pool-define'], PoolXml.create(options));
  } catch (error) {
    // What this libvirt was built without is refused by name, after its schema agreed.
    expect(String(error)).toContain(`missing backend for pool type`);
    return;
  }
  const known = PoolXml.parse(await daemon.virsh('pool-dumpxml', '--inactive', options.name));
  await daemon.virsh('pool-undefine', options.name);
  expect(known).toMatchObject(options);
});

test('a volume over another, and an external snapshot of the machine that has it', async () => {
  const folder = join(daemon.imagesDir, 'p');
  await mkdir(folder);
  await give(['pool-define'], PoolXml.create({ type: 'dir', name: 'p', targetPath: folder }));
  await daemon.virsh('pool-start', 'p');
  const MIB = 1024 ** 2;
  const base = { name: 'base', capacity: MIB, allocation: 0, format: 'qcow2', clusterSize: 65_536 };
  await give(['vol-create', 'p'], VolumeXml.create({ ...base, lazyRefcounts: true, compat: '1.1' }));
  const backing = { path: join(folder, 'base'), format: 'qcow2' };
  const permissions = { mode: '0600', owner: 0, group: 0 };
  await give(
    ['vol-create', 'p'],
    VolumeXml.create({
      name: 'top',
      capacity: 2 * MIB,
      allocation: 0,
      format: 'qcow2',
      permissions,
      backing,
    }),
  );
  const read = async (name: string) =>
    VolumeXml.parse(await daemon.virsh('vol-dumpxml', '--pool', 'p', name));
  const [known, top] = [await read('base'), await read('top')];
  expect(known).toMatchObject({ capacity: MIB, format: 'qcow2', lazyRefcounts: true, clusterSize: 65_536 });
  expect(top).toMatchObject({ capacity: 2 * MIB, permissions, backing, path: join(folder, 'top') });

  const machine = DomainXml.create({
    type: 'qemu',
    name: 'm',
    memory: 64 * MIB,
    vcpus: { current: 1, maximum: 1 },
    architecture: 'x86_64',
    machine: 'q35',
  });
  const source = { type: 'volume', pool: 'p', volume: 'top' } as const;
  machine.devices.add(Disk.create({ source, target: 'vda', bus: 'virtio', format: 'qcow2' }));
  machine.devices.add(Disk.create({ target: 'sda', bus: 'sata', format: 'raw', device: 'cdrom' }));
  await give(['define'], machine);
  const overlay = { type: 'file', file: join(folder, 'overlay') } as const;
  const disks = [
    { name: 'vda', snapshot: 'external', format: 'qcow2', source: overlay },
    { name: 'sda', snapshot: 'no' },
  ];
  const wanted = SnapshotXml.create({ name: 's', description: 'a\nb', memory: 'no', disks });
  await give(['snapshot-create', 'm', '--disk-only'], wanted);
  const snapshot = SnapshotXml.parse(await daemon.virsh('snapshot-dumpxml', 'm', 's'));
  expect(snapshot).toMatchObject({ name: 's', description: 'a\nb', memory: 'no', disks, parent: null });
  expect(snapshot.domain?.devices.disks.map((disk) => disk.source)).toEqual([source, null]);
  const now = DomainXml.parse(await daemon.virsh('dumpxml', 'm'));
  expect(now.devices.disks[0]?.source).toEqual(overlay);
});
