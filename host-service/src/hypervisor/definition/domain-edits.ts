import { diskBus, LimenError } from '@limen/contract';
import type { Device, Disk, DomainXml } from 'node-libvirt';
import type { DiskFormat } from '../../ports/disk-tool.ts';
import type { BootNeeds, DefinedDisk, DefinedFiles } from '../../ports/machine-editor.ts';
import { METADATA_NAMESPACE, metadataElement, writableMetadata } from '../machine-metadata.ts';

/** Boot from these devices only, in this order. Throws `INVALID_INPUT` for a name no device has. */
export function bootFrom(domain: DomainXml, names: readonly string[]): void {
  const bootable = new Map<string, Device>();
  for (const disk of domain.devices.disks) bootable.set(disk.target ?? '', disk);
  for (const nic of domain.devices.interfaces) bootable.set((nic.mac ?? '').toLowerCase(), nic);
  const chosen = names.map((name) => bootable.get(name.toLowerCase()));
  const stranger = chosen.findIndex(
    (device, index) => device === undefined || chosen.indexOf(device) !== index,
  );
  if (stranger !== -1) {
    const issue = { path: ['devices', String(stranger)], message: 'no such device, or named twice' };
    throw new LimenError('INVALID_INPUT', { issues: [issue] });
  }
  // The older way, which names kinds, excludes this one.
  domain.os.bootDevices = [];
  for (const device of [...bootable.values(), ...domain.devices.hostDevices]) device.bootOrder = null;
  chosen.forEach((device, index) => {
    if (device !== undefined) device.bootOrder = index + 1;
  });
}

/** Eject the media it was installed from and boot what they installed. */
export function finishInstallation(domain: DomainXml): void {
  const { disks, interfaces } = domain.devices;
  for (const disk of disks) {
    if (disk.device === 'cdrom') eject(disk);
  }
  const system = disks.find(({ device }) => device === 'disk');
  const drive = disks.find(({ device }) => device === 'cdrom');
  const network = interfaces.filter(({ bootOrder }) => bootOrder !== null).map(({ mac }) => mac);
  bootFrom(
    domain,
    [system?.target, drive?.target, ...network].filter((name) => typeof name === 'string'),
  );
  domain.onReboot = 'restart';
  const metadata = writableMetadata(domain.metadata(METADATA_NAMESPACE));
  domain.setMetadata(METADATA_NAMESPACE, metadataElement({ ...metadata, installing: false }));
}

function eject(drive: Disk): void {
  drive.source = null;
  drive.element.setAttribute('type', 'file');
}

export function replaceDisk(
  domain: DomainXml,
  target: string,
  { path, format }: { readonly path: string; readonly format: DiskFormat },
): void {
  const disk = domain.devices.disks.find((candidate) => candidate.target === target);
  if (disk === undefined) throw new LimenError('NOT_FOUND', { kind: 'disk', id: target });
  disk.source = { type: 'file', file: path };
  disk.format = format;
  disk.backingChain = null;
}

export function definedFiles(domain: DomainXml): Omit<DefinedFiles, 'hasSnapshots'> {
  return { disks: domain.devices.disks.map(definedDisk), nvramPath: domain.os.nvram?.path ?? null };
}

/** What the system on the first disk needs to boot in another machine. */
export function bootNeeds({ os, devices }: DomainXml): BootNeeds {
  const chipset = chipsetOf(os.machine ?? '');
  const bus = diskBus.safeParse(devices.disks.find(({ device }) => device === 'disk')?.bus);
  return {
    firmware: os.isUefi ? 'uefi' : 'bios',
    secureBoot: os.isUefi && os.isSecureBoot,
    tpm: devices.tpms.length > 0,
    ...(chipset && { chipset }),
    ...(bus.success && { diskBus: bus.data }),
  };
}

/** By QEMU's names of machine types: `pc-q35-7.2`, `pc-i440fx-7.2` and their aliases. */
function chipsetOf(machineType: string): BootNeeds['chipset'] {
  if (/^(pc-)?q35/.test(machineType)) return 'q35';
  return /^pc(-i440fx|$)/.test(machineType) ? 'pc' : undefined;
}

function definedDisk({ target, device, source, format }: Disk): DefinedDisk {
  return {
    target: target ?? '',
    device: deviceKind(device),
    path: source?.type === 'file' ? source.file : source?.type === 'block' ? source.dev : null,
    format,
  };
}

function deviceKind(device: string | null): DefinedDisk['device'] {
  return device === 'cdrom' || device === 'floppy' || device === 'lun' ? device : 'disk';
}
