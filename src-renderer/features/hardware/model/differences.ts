import type {
  Bandwidth,
  CpuMode,
  CpuTopology,
  DiskCache,
  DiskDiscard,
  HardwareDisk,
  HardwareInterface,
  HardwareSet,
  IoLimits,
} from '@limen/contract';
import { bootOrderOf, diskId, findDisk, findInterface, interfaceId } from './devices.ts';
import { same } from './same.ts';

/** A value and how it is to be read. */
export type Value =
  | { readonly as: 'number'; readonly value: number }
  | { readonly as: 'bytes'; readonly value: number | null }
  | { readonly as: 'text'; readonly value: string | null }
  | { readonly as: 'medium'; readonly value: string | null }
  | { readonly as: 'switch'; readonly value: boolean }
  | { readonly as: 'present'; readonly value: boolean }
  | { readonly as: 'mode'; readonly value: CpuMode | null }
  | { readonly as: 'topology'; readonly value: CpuTopology | null }
  | { readonly as: 'cache'; readonly value: DiskCache }
  | { readonly as: 'discard'; readonly value: DiskDiscard }
  | { readonly as: 'limits'; readonly value: IoLimits }
  | { readonly as: 'bandwidth'; readonly value: Bandwidth }
  | { readonly as: 'order'; readonly value: readonly string[] }
  /** Of a watchdog. */
  | { readonly as: 'action'; readonly value: string | null };

export type Field =
  | 'vcpus'
  | 'maximumVcpus'
  | 'mode'
  | 'model'
  | 'topology'
  | 'memory'
  | 'maximumMemory'
  | 'firmware'
  | 'secureBoot'
  | 'chipset'
  | 'present'
  | 'bus'
  | 'file'
  | 'medium'
  | 'size'
  | 'cache'
  | 'discard'
  | 'limits'
  | 'network'
  | 'card'
  | 'link'
  | 'bandwidth'
  | 'order'
  | 'tpm'
  | 'video'
  | 'heads'
  | 'sound'
  | 'rng'
  | 'watchdog'
  | 'watchdogAction'
  | 'serialPorts'
  | 'folders'
  | 'others';

/** One thing in which two definitions differ. */
export interface Difference {
  /** Of the device list. */
  readonly deviceId: string;
  readonly field: Field;
  readonly before: Value;
  readonly after: Value;
}

/** As systems call it: of the first, `ttyS0` and COM1. */
export function portName({ port }: { readonly port: number }): string {
  return `ttyS${port} / COM${port + 1}`;
}

type Pick2 = (set: HardwareSet) => Value;

const plain: readonly (readonly [deviceId: string, field: Field, pick: Pick2])[] = [
  ['cpu', 'vcpus', (set) => ({ as: 'number', value: set.vcpus.current })],
  ['cpu', 'maximumVcpus', (set) => ({ as: 'number', value: set.vcpus.maximum })],
  ['cpu', 'mode', (set) => ({ as: 'mode', value: set.cpu.mode })],
  ['cpu', 'model', (set) => ({ as: 'text', value: set.cpu.model })],
  ['cpu', 'topology', (set) => ({ as: 'topology', value: set.cpu.topology })],
  ['memory', 'memory', (set) => ({ as: 'bytes', value: set.memory.currentBytes })],
  ['memory', 'maximumMemory', (set) => ({ as: 'bytes', value: set.memory.maximumBytes })],
  ['firmware', 'firmware', (set) => ({ as: 'text', value: set.firmware.type.toUpperCase() })],
  ['firmware', 'secureBoot', (set) => ({ as: 'switch', value: set.firmware.secureBoot })],
  ['firmware', 'chipset', (set) => ({ as: 'text', value: set.chipset })],
  ['firmware', 'tpm', (set) => ({ as: 'present', value: set.tpm !== null })],
  ['screen', 'video', (set) => ({ as: 'text', value: set.video?.model ?? null })],
  ['screen', 'heads', (set) => ({ as: 'number', value: set.video?.heads ?? 0 })],
  ['screen', 'sound', (set) => ({ as: 'text', value: set.sound })],
  ['services', 'rng', (set) => ({ as: 'present', value: set.rng })],
  ['services', 'watchdog', (set) => ({ as: 'text', value: set.watchdog?.model ?? null })],
  ['services', 'watchdogAction', (set) => ({ as: 'action', value: set.watchdog?.action ?? null })],
  ['serial', 'serialPorts', (set) => ({ as: 'order', value: set.serialPorts.map(portName) })],
  ['folders', 'folders', (set) => ({ as: 'order', value: set.sharedFolders.map(({ tag }) => tag) })],
  ['boot', 'order', (set) => ({ as: 'order', value: bootOrderOf(set) })],
  ['others', 'others', (set) => ({ as: 'number', value: set.others.length })],
];

/** In what `after` differs from `before`, device by device. */
export function differences(before: HardwareSet, after: HardwareSet): readonly Difference[] {
  const targets = new Set([...before.disks, ...after.disks].map((disk) => disk.target));
  const macs = new Set([...before.interfaces, ...after.interfaces].map((card) => card.mac.toLowerCase()));
  return [
    ...plain.flatMap(([deviceId, field, pick]) => compare(deviceId, field, pick(before), pick(after))),
    ...[...targets].flatMap((target) => disks(target, findDisk(before, target), findDisk(after, target))),
    ...[...macs].flatMap((mac) => interfaces(mac, findInterface(before, mac), findInterface(after, mac))),
  ];
}

/**
 * What the next start will bring, against what runs. A CPU left to the host is a named one once it runs, and devices
 * get addresses and ports: neither is a change anybody made.
 */
export function pendingDifferences(live: HardwareSet, stored: HardwareSet): readonly Difference[] {
  const isLeftToHost = stored.cpu.mode === 'host-model' || stored.cpu.mode === null;
  return differences(live, stored).filter(
    ({ field }) => field !== 'others' && !(isLeftToHost && (field === 'mode' || field === 'model')),
  );
}

function compare(deviceId: string, field: Field, before: Value, after: Value): readonly Difference[] {
  return same(before.value, after.value) ? [] : [{ deviceId, field, before, after }];
}

function presence(deviceId: string, isBefore: boolean, isAfter: boolean): readonly Difference[] {
  return compare(deviceId, 'present', { as: 'present', value: isBefore }, { as: 'present', value: isAfter });
}

function disks(
  target: string,
  before: HardwareDisk | undefined,
  after: HardwareDisk | undefined,
): readonly Difference[] {
  const id = diskId(target);
  if (!before || !after) return presence(id, before !== undefined, after !== undefined);
  const drive = after.device === 'cdrom' || after.device === 'floppy';
  const pick = (field: Field, value: (disk: HardwareDisk) => Value) =>
    compare(id, field, value(before), value(after));
  return [
    ...pick('bus', (disk) => ({ as: 'text', value: disk.bus })),
    ...pick(drive ? 'medium' : 'file', (disk) => ({ as: drive ? 'medium' : 'text', value: disk.source })),
    ...(drive ? [] : pick('size', (disk) => ({ as: 'bytes', value: disk.capacityBytes }))),
    ...pick('cache', (disk) => ({ as: 'cache', value: disk.cache })),
    ...pick('discard', (disk) => ({ as: 'discard', value: disk.discard })),
    ...pick('limits', (disk) => ({ as: 'limits', value: disk.ioLimits })),
  ];
}

function interfaces(
  mac: string,
  before: HardwareInterface | undefined,
  after: HardwareInterface | undefined,
): readonly Difference[] {
  const id = interfaceId(mac);
  if (!before || !after) return presence(id, before !== undefined, after !== undefined);
  const pick = (field: Field, value: (card: HardwareInterface) => Value) =>
    compare(id, field, value(before), value(after));
  return [
    ...pick('network', (card) => ({ as: 'text', value: card.source ?? card.type })),
    ...pick('card', (card) => ({ as: 'text', value: card.model })),
    ...pick('link', (card) => ({ as: 'switch', value: card.linkUp })),
    ...pick('bandwidth', (card) => ({ as: 'bandwidth', value: card.bandwidth })),
  ];
}
