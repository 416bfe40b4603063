import type { DiskBus, IoLimits } from '@limen/contract';
import {
  Affect,
  BlockIoTuneFields,
  buildParams,
  type Controller,
  type Device,
  type Disk,
  type DomainXml,
  procedures,
} from 'node-libvirt';
import type { HardwareChange } from '../../ports/machine-hardware.ts';
import { detachDevice } from './device-removal.ts';
import {
  addDisk,
  changeMedium,
  findDisk,
  freeTarget,
  missingController,
  newDisk,
  newDrive,
  removeDisk,
  requireDisk,
  updateDisk,
} from './edits/disks.ts';
import { invalid } from './edits/refusals.ts';
import type { PlannedChange, Present, Running } from './planned-change.ts';

const { domains } = procedures;

type Change<T extends HardwareChange['type']> = Extract<HardwareChange, { readonly type: T }>;

/** Buses QEMU plugs disks into, and out of, while a machine runs. */
function isHotplugged(bus: string | null): boolean {
  return bus === 'virtio' || bus === 'scsi' || bus === 'usb';
}

export function planAddDisk(change: Change<'add-disk'>, present: Present): PlannedChange {
  return planAddition(newDisk(change, freeTarget(change.bus, definitions(present))), change.bus);
}

/** An empty or filled drive; QEMU plugs in drives on SCSI only. */
export function planAddDrive(change: Change<'add-drive'>, present: Present): PlannedChange {
  return planAddition(newDrive(change, freeTarget(change.bus, definitions(present))), change.bus);
}

function planAddition(disk: Disk, bus: DiskBus): PlannedChange {
  return {
    store: (stored) => addDisk(stored, disk),
    live: isHotplugged(bus) ? (running) => attach(running, disk, bus) : null,
  };
}

async function attach(running: Running, disk: Disk, bus: DiskBus): Promise<'applied'> {
  const { client, domain, live } = running;
  const controller: Controller | null = missingController(live, bus);
  const plug = (device: Device): Promise<void> =>
    client.call(domains.attachDevice, { domain, xml: device.toString(), flags: Affect.live });
  if (controller !== null) await plug(controller);
  await plug(disk);
  return 'applied';
}

export function planUpdateDisk(change: Change<'update-disk'>, present: Present): PlannedChange {
  const { target, bus, cache, discard, ioLimits } = change;
  requireDisk(present.stored, target);
  const inLive = present.live === null ? null : findDisk(present.live, target);
  // QEMU opens an image once, and a disk cannot change its bus under a guest.
  const waits =
    (bus !== undefined && bus !== inLive?.bus) ||
    (cache !== undefined && cache !== (inLive?.cache ?? 'default')) ||
    (discard !== undefined && discard !== (inLive?.discard ?? 'default'));
  return {
    store: (stored) => updateDisk(stored, change),
    live: async (running) => {
      if (inLive === null) return 'at-next-start';
      if (ioLimits !== undefined) await throttle(running, target, ioLimits);
      return waits ? 'at-next-start' : 'applied';
    },
  };
}

async function throttle({ client, domain }: Running, disk: string, limits: IoLimits): Promise<void> {
  // What stands beside an average in QEMU (bursts, limits of both directions) libvirt keeps unless it is told.
  const params = buildParams(BlockIoTuneFields, {
    total_bytes_sec: 0,
    total_iops_sec: 0,
    read_bytes_sec: limits.readBytesPerSecond,
    write_bytes_sec: limits.writeBytesPerSecond,
    read_iops_sec: limits.readOperationsPerSecond,
    write_iops_sec: limits.writeOperationsPerSecond,
  });
  await client.call(domains.setBlockIoTune, { domain, disk, params, flags: Affect.live });
}

export function planRemoveDisk({ target }: Change<'remove-disk'>, present: Present): PlannedChange {
  const inLive = present.live === null ? null : findDisk(present.live, target);
  if (inLive === null) requireDisk(present.stored, target);
  const alias = inLive !== null && isHotplugged(inLive.bus) ? inLive.alias : null;
  return {
    store: (stored) => removeDisk(stored, target),
    liveFirst: true,
    live: async ({ client, domain }) => {
      if (inLive === null) return 'applied';
      if (alias === null) return 'at-next-start';
      await detachDevice(client, domain, alias);
      return 'applied';
    },
  };
}

export function planChangeMedia({ target, path }: Change<'change-media'>, present: Present): PlannedChange {
  const inLive = present.live === null ? null : findDisk(present.live, target);
  requireDisk(present.stored, target);
  return {
    store: (stored) => changeMedium(requireDisk(stored, target), path),
    live: async ({ client, domain }) => {
      if (inLive === null) return 'at-next-start';
      changeMedium(inLive, path);
      await client.call(domains.updateDevice, { domain, xml: inLive.toString(), flags: Affect.live });
      return 'applied';
    },
  };
}

/** Of the running machine's disk. Throws `NOT_FOUND`, and `INVALID_INPUT` for drives. */
export function requireGrowable(live: DomainXml, target: string): Disk {
  const disk = requireDisk(live, target);
  if (disk.device !== 'disk') throw invalid('target', 'is no disk');
  return disk;
}

function definitions({ stored, live }: Present): DomainXml[] {
  return live === null ? [stored] : [stored, live];
}
