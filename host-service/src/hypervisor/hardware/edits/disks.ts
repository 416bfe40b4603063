import { type DiskBus, type DiskCache, type DiskDiscard, type IoLimits, LimenError } from '@limen/contract';
import { Controller, Disk, type DomainXml } from 'node-libvirt';
import type { HardwareChange } from '../../../ports/machine-hardware.ts';
import { invalid } from './refusals.ts';

type Change<T extends HardwareChange['type']> = Extract<HardwareChange, { readonly type: T }>;

/** Throws `NOT_FOUND`. */
export function requireDisk(domain: DomainXml, target: string): Disk {
  const disk = findDisk(domain, target);
  if (disk === null) throw new LimenError('NOT_FOUND', { kind: 'disk', id: target });
  return disk;
}

export function findDisk(domain: DomainXml, target: string): Disk | null {
  return domain.devices.disks.find((disk) => disk.target === target) ?? null;
}

/** As Linux names them: libvirt checks the beginning against the bus. */
const PREFIXES: Readonly<Record<string, string>> = { virtio: 'vd', ide: 'hd' };
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');

/** The first name that no disk has, in any of a machine's definitions. */
export function freeTarget(bus: DiskBus, domains: readonly DomainXml[]): string {
  const taken = new Set(domains.flatMap(({ devices }) => devices.disks.map(({ target }) => target)));
  const prefix = PREFIXES[bus] ?? 'sd';
  const endings = [...LETTERS, ...LETTERS.flatMap((first) => LETTERS.map((second) => first + second))];
  const free = endings.find((ending) => !taken.has(prefix + ending));
  if (free === undefined) throw invalid('bus', 'no name is left on that bus');
  return prefix + free;
}

export function newDisk(change: Change<'add-disk'>, target: string): Disk {
  const { path, format, bus, cache, discard } = change;
  return Disk.create({
    target,
    bus,
    format,
    source: { type: 'file', file: path },
    cache: said(cache),
    discard: said(discard),
  });
}

export function newDrive({ bus, path }: Change<'add-drive'>, target: string): Disk {
  return Disk.create({
    device: 'cdrom',
    target,
    bus,
    format: 'raw',
    source: path === null ? null : { type: 'file', file: path },
    readonly: true,
  });
}

/** libvirt's own choice of a SCSI controller is one that systems of today have no driver for. */
export function missingController(domain: DomainXml, bus: string): Controller | null {
  if (bus !== 'scsi' || domain.devices.controllers.some(({ type }) => type === 'scsi')) return null;
  return Controller.create({ type: 'scsi', index: 0, model: 'virtio-scsi' });
}

export function addDisk(domain: DomainXml, disk: Disk): void {
  const controller = missingController(domain, disk.bus ?? '');
  if (controller !== null) domain.devices.add(controller);
  domain.devices.add(disk);
}

export function updateDisk(domain: DomainXml, change: Omit<Change<'update-disk'>, 'type'>): void {
  const { target, bus, cache, discard, ioLimits } = change;
  const disk = requireDisk(domain, target);
  if (cache !== undefined) setCache(disk, cache);
  if (discard !== undefined) disk.discard = said(discard);
  if (ioLimits !== undefined) disk.iotune = limited(disk.iotune, ioLimits);
  if (bus !== undefined && bus !== disk.bus) moveToBus(domain, disk, bus);
}

function setCache(disk: Disk, cache: DiskCache): void {
  disk.cache = said(cache);
  // QEMU's native I/O goes past the host's cache or not at all.
  if (disk.io === 'native' && cache !== 'none' && cache !== 'directsync') disk.io = null;
}

/** Its name, its place and what only the old bus has go with the bus. */
function moveToBus(domain: DomainXml, disk: Disk, bus: DiskBus): void {
  if (disk.device === 'floppy' || disk.device === 'lun')
    throw invalid('bus', `a ${disk.device} stays on its bus`);
  if (disk.device === 'cdrom' && bus === 'virtio') throw invalid('bus', 'virtio has no drives for media');
  if (disk.source === null && bus === 'usb') throw invalid('bus', EMPTY_ON_USB);
  disk.target = freeTarget(bus, [domain]);
  disk.bus = bus;
  disk.address = null;
  disk.alias = null;
  if (bus !== 'virtio') {
    disk.iothread = null;
    disk.queues = null;
  }
  if (bus === 'virtio') disk.rotationRate = null;
  const controller = missingController(domain, bus);
  if (controller !== null) domain.devices.add(controller);
}

/** QEMU's USB drive is what is in it: a machine with an empty one does not start. */
const EMPTY_ON_USB = 'a drive on USB cannot be empty';

type Iotune = NonNullable<Disk['iotune']>;

/** Limits of both directions together, and bursts that go with an average no longer there, give way. */
export function limited(present: Iotune | null, limits: IoLimits): Iotune | null {
  const {
    totalBytesSec: _bytes,
    totalIopsSec: _operations,
    totalBytesSecMax: _bytesMax,
    totalIopsSecMax: _operationsMax,
    totalBytesSecMaxLength: _bytesLength,
    totalIopsSecMaxLength: _operationsLength,
    ...rest
  } = present ?? {};
  const set: Record<string, number | string | undefined> = { ...rest };
  const averages = {
    readBytesSec: limits.readBytesPerSecond,
    writeBytesSec: limits.writeBytesPerSecond,
    readIopsSec: limits.readOperationsPerSecond,
    writeIopsSec: limits.writeOperationsPerSecond,
  };
  for (const [name, average] of Object.entries(averages)) {
    set[name] = average === 0 ? undefined : average;
    const burst = Number(set[`${name}Max`] ?? 0);
    if (average !== 0 && burst >= average) continue;
    set[`${name}Max`] = undefined;
    set[`${name}MaxLength`] = undefined;
  }
  const left = Object.entries(set).filter(([, value]) => value !== undefined);
  return left.length === 0 ? null : (Object.fromEntries(left) as Iotune);
}

export function removeDisk(domain: DomainXml, target: string): void {
  findDisk(domain, target)?.remove();
}

/** Put a medium into a drive, or take it out. Throws `INVALID_INPUT` for what is no drive. */
export function changeMedium(drive: Disk, path: string | null): void {
  if (drive.device !== 'cdrom' && drive.device !== 'floppy') throw invalid('target', 'is no drive for media');
  if (path === null && drive.bus === 'usb') throw invalid('target', EMPTY_ON_USB);
  drive.source = path === null ? null : { type: 'file', file: path };
  if (path === null) drive.element.setAttribute('type', 'file');
  else drive.format = 'raw';
  drive.tray = null;
}

/** `default` is what is not said. */
function said<T extends DiskCache | DiskDiscard>(choice: T): Exclude<T, 'default'> | null {
  return choice === 'default' ? null : (choice as Exclude<T, 'default'>);
}
