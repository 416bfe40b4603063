import { readFileSync } from 'node:fs';
import { DomainXml } from 'node-libvirt';
import { describe, expect, it, test } from 'vitest';
import type { HardwareChange } from '../../ports/machine-hardware.ts';
import { describeHardware } from './describe-hardware.ts';
import { limited } from './edits/disks.ts';
import { fittedTopology } from './edits/processor.ts';
import { planChange } from './plan-change.ts';
import { keepSecrets } from './secrets.ts';

const GIB = 2 ** 30;
const FOREIGN = ['virt-install-debian', 'virt-manager-windows', 'hand-written-numa'] as const;
type Foreign = (typeof FOREIGN)[number];

function read(name: Foreign): DomainXml {
  return DomainXml.parse(readFileSync(new URL(`foreign/${name}.xml`, import.meta.url), 'utf8'));
}

function change(domain: DomainXml, what: HardwareChange): DomainXml {
  planChange(what, { stored: domain, live: null }).store(domain);
  return domain;
}

/** Lines that are not in both, so that nothing but what was asked for can have changed. */
function difference(name: Foreign, what: HardwareChange): { gone: string[]; come: string[] } {
  const before = read(name).toString().split('\n');
  const after = change(read(name), what).toString().split('\n');
  return {
    gone: before.filter((line) => !after.includes(line)).map((line) => line.trim()),
    come: after.filter((line) => !before.includes(line)).map((line) => line.trim()),
  };
}

describe('definitions of other tools', () => {
  test.each<[Foreign, HardwareChange, { gone: string[]; come: string[] }]>([
    [
      'virt-install-debian',
      { type: 'set-vcpus', current: 2, maximum: 4 },
      {
        gone: ['<vcpu placement="static" cpuset="0-3">2</vcpu>'],
        come: ['<vcpu placement="static" cpuset="0-3" current="2">4</vcpu>'],
      },
    ],
    [
      'virt-install-debian',
      { type: 'set-memory', currentBytes: GIB, maximumBytes: 2 * GIB },
      {
        gone: ['<currentMemory unit="KiB">2097152</currentMemory>'],
        come: ['<currentMemory unit="KiB">1048576</currentMemory>'],
      },
    ],
    [
      'virt-manager-windows',
      { type: 'update-interface', mac: '52:54:00:11:22:33', linkUp: true },
      { gone: ['<link state="down"/>'], come: ['<link state="up"/>'] },
    ],
    [
      'virt-install-debian',
      { type: 'update-disk', target: 'vda', cache: 'writethrough' },
      {
        gone: ['<driver name="qemu" type="qcow2" discard="unmap"/>'],
        come: ['<driver name="qemu" type="qcow2" discard="unmap" cache="writethrough"/>'],
      },
    ],
    [
      'hand-written-numa',
      { type: 'set-memory', currentBytes: 4 * GIB, maximumBytes: 5 * GIB },
      {
        gone: [
          '<memory unit="KiB">4718592</memory>',
          '<currentMemory unit="KiB">4718592</currentMemory>',
          '<cell id="0" cpus="0-3" memory="4194304" unit="KiB" memAccess="shared"/>',
        ],
        come: [
          '<memory unit="KiB">5242880</memory>',
          '<currentMemory unit="KiB">4194304</currentMemory>',
          '<cell id="0" cpus="0-3" memory="4718592" unit="KiB" memAccess="shared"/>',
        ],
      },
    ],
  ])('%s: %o touches those lines and no other', (name, what, expected) => {
    expect(difference(name, what)).toEqual(expected);
  });

  it.each(FOREIGN)('%s gets a disk and an interface, and nothing else moves', (name) => {
    const disk = {
      type: 'add-disk',
      path: '/d/a&b.qcow2',
      format: 'qcow2',
      bus: 'virtio',
      cache: 'default',
      discard: 'unmap',
    } as const;
    const added = difference(name, disk);
    expect(added.gone).toEqual([]);
    expect(added.come.join('')).toContain('/d/a&amp;b.qcow2');
    const nic = {
      type: 'add-interface',
      network: { type: 'user' },
      model: 'virtio',
      mac: '52:54:00:00:00:99',
    } as const;
    expect(difference(name, nic).gone).toEqual([]);
    const both = change(change(read(name), disk), nic);
    const [newest] = both.devices.disks.slice(-1);
    if (newest?.target != null) change(both, { type: 'remove-disk', target: newest.target });
    change(both, { type: 'remove-interface', mac: nic.mac });
    expect(both.toString()).toBe(read(name).toString());
  });

  it('are shown in full', () => {
    expect(describeHardware(read('virt-manager-windows'), new Map())).toMatchObject({
      cpu: { mode: 'host-model', model: null, topology: { sockets: 1, cores: 4, threads: 2 } },
      memory: { balloon: false },
      firmware: { type: 'uefi', secureBoot: true },
      disks: [
        {
          target: 'vda',
          cache: 'none',
          serial: 'WIN-0001',
          ioLimits: { writeOperationsPerSecond: 500 },
          bootOrder: 1,
        },
        { target: 'sda', device: 'lun', source: '/dev/disk/by-id/scsi-example' },
        { target: 'sdb', device: 'cdrom', source: '/win11.iso' },
      ],
      interfaces: [{ type: 'bridge', source: 'br0', linkUp: false, bootOrder: 3 }],
    });
    const { others } = describeHardware(read('virt-manager-windows'), new Map());
    expect(others.map(({ kind, summary }) => `${kind}: ${summary}`)).toEqual([
      'controller: scsi 0 virtio-scsi',
      'filesystem: virtiofs /srv/share share',
      'input: tablet usb',
      'tpm: tpm-crb emulator 2.0',
      'graphics: vnc address 127.0.0.1',
      'sound: ich9',
      'video: qxl 65536 1',
      'host-device: pci 0000:0a:00.1',
      'watchdog: itco reset',
      'balloon: none',
    ]);
    expect(describeHardware(read('hand-written-numa'), new Map())).toMatchObject({
      cpu: { mode: 'custom', model: 'Skylake-Server' },
      disks: [{ source: 'fast/database', bootOrder: 2 }, { device: 'floppy' }],
      interfaces: [{ bandwidth: { inboundBytesPerSecond: 1000 * 1024, outboundBytesPerSecond: null } }],
    });
  });
});

describe('vCPUs', () => {
  it('take topology, NUMA node and plugging states along', () => {
    const domain = change(read('hand-written-numa'), { type: 'set-vcpus', current: 4, maximum: 8 });
    expect(domain.vcpus).toEqual({ current: 4, maximum: 8 });
    expect(domain.vcpuStates).toEqual([]);
    expect(domain.cpu.topology).toEqual({ sockets: 2, dies: 1, cores: 4, threads: 1 });
    expect(domain.cpu.numaCells[0]?.cpus).toBe('0-7');
    expect(domain.cpu.features).toHaveLength(1);
  });

  it.each([
    [{ sockets: 2, cores: 2, threads: 1 }, 4, { sockets: 2, cores: 2, threads: 1 }],
    [{ sockets: 1, cores: 4, threads: 2 }, 6, { sockets: 1, cores: 3, threads: 2 }],
    [{ sockets: 2, cores: 2, threads: 2 }, 7, { sockets: 1, cores: 7, threads: 1 }],
  ])('%o for %i is %o', (topology, maximum, fitted) => {
    expect(fittedTopology(topology, maximum)).toEqual(fitted);
  });

  it('are of another model without what was said of the old one', () => {
    const choice = { mode: 'host-model', model: null, topology: null } as const;
    const { cpu } = change(read('hand-written-numa'), { type: 'set-cpu', ...choice });
    expect([cpu.mode, cpu.model, cpu.vendor, cpu.features, cpu.topology]).toEqual([
      'host-model',
      null,
      null,
      [],
      null,
    ]);
    expect(cpu.numaCells).toHaveLength(1);
  });
});

describe('disks', () => {
  it('leave with their bus what only it has', () => {
    const domain = change(read('virt-manager-windows'), { type: 'update-disk', target: 'vda', bus: 'sata' });
    const [disk] = domain.devices.disks;
    expect(disk).toMatchObject({
      target: 'sdc',
      bus: 'sata',
      address: null,
      iothread: null,
      queues: null,
      bootOrder: 1,
    });
  });

  it('lose native I/O with the cache mode it needs', () => {
    const domain = change(read('virt-manager-windows'), {
      type: 'update-disk',
      target: 'vda',
      cache: 'writeback',
    });
    expect(domain.devices.disks[0]).toMatchObject({ cache: 'writeback', io: null });
  });

  it('on SCSI bring the controller that systems know', () => {
    const disk = {
      type: 'add-disk',
      path: '/d',
      format: 'raw',
      bus: 'scsi',
      cache: 'none',
      discard: 'default',
    } as const;
    const domain = change(read('virt-install-debian'), disk);
    expect(domain.devices.controllers.filter(({ type }) => type === 'scsi')).toMatchObject([
      { model: 'virtio-scsi' },
    ]);
    expect(change(domain, disk).devices.controllers.filter(({ type }) => type === 'scsi')).toHaveLength(1);
    expect(domain.devices.disks.map(({ target }) => target)).toEqual(['vda', 'sda', 'sdb', 'sdc']);
  });

  it('for media are on USB only with one in them, as QEMU does not start otherwise', () => {
    const empty = change(read('virt-install-debian'), { type: 'add-drive', bus: 'sata', path: null });
    const added = empty.devices.disks.at(-1)?.target ?? '';
    const message = 'a drive on USB cannot be empty';
    expect(() => change(empty, { type: 'update-disk', target: added, bus: 'usb' })).toThrow(message);
    change(empty, { type: 'change-media', target: added, path: '/a.iso' });
    change(empty, { type: 'update-disk', target: added, bus: 'usb' });
    const moved = empty.devices.disks.at(-1)?.target ?? '';
    expect(() => change(empty, { type: 'change-media', target: moved, path: null })).toThrow(message);
    expect(empty.devices.disks.at(-1)?.source).toEqual({ type: 'file', file: '/a.iso' });
  });

  it('keep a burst only beside a smaller average, and no limits of both directions', () => {
    const limits = {
      readBytesPerSecond: 0,
      writeBytesPerSecond: 5,
      readOperationsPerSecond: 0,
      writeOperationsPerSecond: 600,
    };
    const present = {
      totalBytesSec: 9,
      writeIopsSec: 500,
      writeIopsSecMax: 900,
      writeBytesSecMax: 4,
      groupName: 'g',
    };
    expect(limited(present, limits)).toEqual({
      writeBytesSec: 5,
      writeIopsSec: 600,
      writeIopsSecMax: 900,
      groupName: 'g',
    });
    expect(
      limited({ readBytesSec: 5 }, { ...limits, writeBytesPerSecond: 0, writeOperationsPerSecond: 0 }),
    ).toBeNull();
  });
});

describe('refused', () => {
  const limits = { currentBytes: 2 * GIB, maximumBytes: GIB };
  test.each<[string, Foreign, HardwareChange]>([
    ['more vCPUs than the maximum', 'virt-install-debian', { type: 'set-vcpus', current: 3, maximum: 2 }],
    ['more memory than the maximum', 'virt-install-debian', { type: 'set-memory', ...limits }],
    ['no such disk', 'virt-install-debian', { type: 'remove-disk', target: 'vdz' }],
    ['a path for a target', 'virt-install-debian', { type: 'change-media', target: '../vda', path: null }],
    ['a medium in a disk', 'virt-install-debian', { type: 'change-media', target: 'vda', path: '/x.iso' }],
    ['no such interface', 'virt-install-debian', { type: 'remove-interface', mac: '52:54:00:00:00:00' }],
    [
      'an address twice',
      'virt-install-debian',
      { type: 'add-interface', network: { type: 'user' }, model: 'virtio', mac: '52:54:00:6B:3C:58' },
    ],
    [
      'a multicast address',
      'virt-install-debian',
      { type: 'add-interface', network: { type: 'user' }, model: 'virtio', mac: '01:00:5e:00:00:01' },
    ],
    ['a virtio drive', 'virt-install-debian', { type: 'update-disk', target: 'sda', bus: 'virtio' }],
    [
      'a topology of another size',
      'virt-install-debian',
      { type: 'set-cpu', mode: null, model: null, topology: { sockets: 3, cores: 1, threads: 1 } },
    ],
    [
      'no model for a named one',
      'virt-install-debian',
      { type: 'set-cpu', mode: 'custom', model: null, topology: null },
    ],
    ['to boot a stranger', 'virt-install-debian', { type: 'set-boot-order', devices: ['vda', 'vdz'] }],
  ])('%s', (_what, name, what) => {
    const domain = read(name);
    expect(() => change(domain, what)).toThrow();
  });
});

describe('secrets', () => {
  it('that are hidden or left out are kept, what is written anew stays', () => {
    const stored = read('virt-manager-windows');
    for (const written of [null, '*****']) {
      const edited = read('virt-manager-windows');
      edited.devices.graphics[0]?.element.setAttribute('passwd', written);
      keepSecrets(edited, stored);
      expect(edited.devices.graphics[0]?.element.attribute('passwd')).toBe('geheim');
    }
    const changed = read('virt-manager-windows');
    changed.devices.graphics[0]?.element.setAttribute('passwd', '');
    keepSecrets(changed, stored);
    expect(changed.devices.graphics[0]?.element.attribute('passwd')).toBe('');
  });

  it('never become stars', () => {
    const edited = read('virt-install-debian');
    const stored = read('virt-install-debian');
    stored.devices.graphics[0]?.element.setAttribute('passwd', null);
    keepSecrets(edited, stored);
    expect(edited.devices.graphics[0]?.element.attribute('passwd')).toBeNull();
  });
});
