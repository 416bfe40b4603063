import { imageId, machineId, userId } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import type { MachinePlan } from '../../ports/machine-editor.ts';
import { parseDomainXml } from '../domain-xml.ts';
import { copyDomain } from './domain-copy.ts';
import { buildDomain } from './domain-definition.ts';
import { bootFrom, finishInstallation } from './domain-edits.ts';

const id = machineId.parse('2b1f6d0e-5f5b-4f6e-9a86-0d4a8f0e7a11');
const image = imageId.parse('5b0c8f6e-8f5b-4f6e-8a86-0d4a8f0e7a22');
const owner = { id: userId.parse('9b0c8f6e-8f5b-4f6e-8a86-0d4a8f0e7a33'), username: 'ann' };

function plan(change: Partial<MachinePlan> = {}): MachinePlan {
  return {
    machineId: id,
    name: 'web-1',
    description: 'a <b> & c',
    tags: ['prod', 'eu'],
    presetId: 'debian-12',
    osId: 'http://debian.org/debian/12',
    owner,
    imageId: image,
    linked: true,
    accelerator: 'kvm',
    vcpus: 4,
    memoryBytes: 2 ** 31,
    chipset: 'q35',
    firmware: 'uefi',
    secureBoot: false,
    nvramPath: '/pool/web-1.nvram',
    tpm: false,
    clock: 'utc',
    hyperv: false,
    disk: { path: '/pool/web-1.qcow2', format: 'qcow2', bus: 'virtio', directIo: true },
    media: [{ path: '/pool/web-1.seed.iso' }],
    mediaBus: 'scsi',
    installing: false,
    network: { type: 'network', name: 'default' },
    interfaceModel: 'virtio',
    mac: '52:54:00:00:00:01',
    videoModel: 'virtio',
    ...change,
  };
}

const windows: Partial<MachinePlan> = {
  presetId: 'windows-11',
  osId: 'http://microsoft.com/win/11',
  secureBoot: true,
  tpm: true,
  hyperv: true,
  clock: 'localtime',
  disk: { path: '/pool/w.qcow2', format: 'qcow2', bus: 'sata', directIo: false },
  media: [{ path: '/iso/win11.iso' }, { path: '/iso/virtio-win.iso' }],
  mediaBus: 'sata',
  installing: true,
  imageId: null,
  linked: false,
};

describe('a definition', () => {
  it('reads back as what was planned', () => {
    expect(parseDomainXml(buildDomain(plan()).toString())).toMatchObject({
      name: 'web-1',
      description: 'a <b> & c',
      accelerator: 'kvm',
      firmware: 'uefi',
      vcpus: { current: 4, maximum: 4 },
      memory: { currentBytes: 2 ** 31, maximumBytes: 2 ** 31 },
      osId: 'http://debian.org/debian/12',
      managed: true,
      tags: ['prod', 'eu'],
      presetId: 'debian-12',
      imageId: image,
      linkedTo: image,
      installing: false,
      trashed: null,
      disks: [
        { target: 'vda', bus: 'virtio', device: 'disk', source: '/pool/web-1.qcow2', bootOrder: 1 },
        { target: 'sda', bus: 'scsi', device: 'cdrom', source: '/pool/web-1.seed.iso', bootOrder: 2 },
      ],
      interfaces: [{ mac: '52:54:00:00:00:01', model: 'virtio', type: 'network', source: 'default' }],
      consoles: { vnc: true, serial: true },
    });
  });

  it('has what every machine has', () => {
    const { devices, cpu } = buildDomain(plan());
    const names = devices.channels.map(({ targetName }) => targetName);
    expect(names).toEqual(['org.qemu.guest_agent.0', 'org.limen.agent.0']);
    expect(devices.randomGenerators[0]?.backend?.device).toBe('/dev/urandom');
    expect(devices.memoryBalloon).toMatchObject({ model: 'virtio', statsPeriod: 5, freePageReporting: true });
    expect(devices.inputs.map(({ type, bus }) => [type, bus])).toEqual([['tablet', 'usb']]);
    expect(devices.graphics.map(({ type, listens }) => [type, listens])).toEqual([
      ['vnc', [{ type: 'socket' }]],
    ]);
    expect(cpu).toMatchObject({ mode: 'host-passthrough', topology: { sockets: 1, cores: 4, threads: 1 } });
    expect(devices.disks[0]).toMatchObject({ cache: 'none', discard: 'unmap' });
  });

  it('gives Windows 11 what it insists on, and what it likes', () => {
    const domain = buildDomain(plan(windows));
    expect(domain.os.isSecureBoot).toBe(true);
    expect(domain.os.firmwareFeatures).toContainEqual({ name: 'enrolled-keys', enabled: true });
    expect(domain.features.smm).toBe(true);
    expect(domain.devices.tpms.map(({ version, backend }) => [version, backend])).toEqual([
      ['2.0', 'emulator'],
    ]);
    expect(domain.clock.offset).toBe('localtime');
    expect(domain.clock.timers).toContainEqual({ name: 'hypervclock', present: true });
    expect(domain.features.hypervRelaxed).toBe(true);
    expect(domain.devices.disks[0]?.cache).toBeNull();
    expect(domain.onReboot).toBe('destroy');
    const { disks, installing } = parseDomainXml(domain.toString());
    expect(disks.map(({ target, bootOrder }) => [target, bootOrder])).toEqual([
      ['sda', 2],
      ['sdb', 1],
      ['sdc', null],
    ]);
    expect(installing).toBe(true);
  });

  it('asks nothing of an emulated processor that only KVM has', () => {
    const domain = buildDomain(plan({ ...windows, accelerator: 'tcg' }));
    expect(domain.type).toBe('qemu');
    expect(domain.cpu.mode).toBe('maximum');
    expect(domain.features.hypervRelaxed).toBeNull();
    expect(domain.clock.timers.map(({ name }) => name)).not.toContain('hypervclock');
  });

  it('says nothing of UEFI in a BIOS machine, nor of PCI Express in an old one', () => {
    const disk = { path: '/pool/dos.qcow2', format: 'qcow2', bus: 'ide', directIo: true } as const;
    const domain = buildDomain(
      plan({ firmware: 'bios', chipset: 'pc', disk, mediaBus: 'ide', network: { type: 'none' } }),
    );
    expect(domain.os).toMatchObject({ firmware: null, nvram: null });
    expect(domain.devices.controllers).toEqual([]);
    expect(domain.devices.interfaces).toEqual([]);
    expect(domain.devices.disks.map(({ target }) => target)).toEqual(['hda', 'hdb']);
  });
});

describe('the end of an installation', () => {
  it('ejects, boots the disk and restarts on reboot', () => {
    const domain = buildDomain(plan(windows));
    finishInstallation(domain);
    const { disks, installing } = parseDomainXml(domain.toString());
    expect(disks.map(({ source, bootOrder }) => [source, bootOrder])).toEqual([
      ['/pool/w.qcow2', 1],
      [null, 2],
      [null, null],
    ]);
    expect(installing).toBe(false);
    expect(domain.onReboot).toBe('restart');
  });
});

describe('a boot order', () => {
  it('names disks by target and interfaces by address', () => {
    const domain = buildDomain(plan());
    bootFrom(domain, ['52:54:00:00:00:01', 'vda']);
    const { disks, interfaces } = parseDomainXml(domain.toString());
    expect(disks.map(({ bootOrder }) => bootOrder)).toEqual([2, null]);
    expect(interfaces.map(({ bootOrder }) => bootOrder)).toEqual([1]);
  });

  it.each([[['vdz']], [['vda', 'vda']]])('refuses %j', (names) => {
    expect(() => bootFrom(buildDomain(plan()), names)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});

describe('a copy', () => {
  it('has the hardware, but no identity of its source', () => {
    const copyId = machineId.parse('1a1f6d0e-5f5b-4f6e-9a86-0d4a8f0e7a99');
    const copy = copyDomain(buildDomain(plan({ installing: true })), {
      sourceId: id,
      snapshot: null,
      machineId: copyId,
      name: 'web-2',
      description: null,
      owner: null,
      nvramPath: '/pool/web-2.nvram',
      disks: new Map([['vda', { path: '/pool/web-2.qcow2', format: 'qcow2' as const }]]),
      macs: ['52:54:00:00:00:02'],
    });
    expect(copy.uuid).toBe(copyId);
    expect(copy.os.nvram?.path).toBe('/pool/web-2.nvram');
    expect(parseDomainXml(copy.toString())).toMatchObject({
      name: 'web-2',
      description: 'a <b> & c',
      tags: ['prod', 'eu'],
      installing: false,
      disks: [{ source: '/pool/web-2.qcow2' }, { source: null }],
      interfaces: [{ mac: '52:54:00:00:00:02' }],
    });
    expect(copy.toString()).not.toContain(owner.id);
    expect(copy.onReboot).toBe('restart');
  });
});
