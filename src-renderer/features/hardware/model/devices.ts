import type {
  Hardware,
  HardwareDisk,
  HardwareEdit,
  HardwareInterface,
  HardwareSet,
  OtherDevice,
} from '@limen/contract';
import type { PartId } from './device-edits.ts';

/** A device as the next start has it and as it runs; at least one of them is there. */
interface Pair<T> {
  readonly stored: T | undefined;
  readonly live: T | undefined;
}

/** Makes something new; there is nothing to compare it with yet. */
export type AddEdit = Extract<HardwareEdit, { type: 'add-disk' | 'add-drive' | 'add-interface' }>;

/** What a machine has one of. */
type PlainKind = 'cpu' | 'memory' | 'boot' | PartId | 'others' | 'definition';

/** One entry of the list at the left. `id` stays the same while the device does. */
export type Device =
  | { readonly kind: PlainKind; readonly id: string }
  | ({ readonly kind: 'disk' | 'drive'; readonly id: string; readonly target: string } & Pair<HardwareDisk>)
  | ({ readonly kind: 'interface'; readonly id: string; readonly mac: string } & Pair<HardwareInterface>)
  /** Only wished for so far; `id` is its key in the draft. */
  | { readonly kind: 'added'; readonly id: string; readonly edit: AddEdit };

export type DiskDevice = Extract<Device, { kind: 'disk' | 'drive' }>;
export type InterfaceDevice = Extract<Device, { kind: 'interface' }>;

export function diskId(target: string): string {
  return `disk/${target}`;
}

export function interfaceId(mac: string): string {
  return `interface/${mac.toLowerCase()}`;
}

/** Removable media: what is in it is changed, not the device. */
export function isDrive(disk: HardwareDisk): boolean {
  return disk.device === 'cdrom' || disk.device === 'floppy';
}

export function findDisk(set: HardwareSet | null | undefined, target: string): HardwareDisk | undefined {
  return set?.disks.find((disk) => disk.target === target);
}

export function findInterface(
  set: HardwareSet | null | undefined,
  mac: string,
): HardwareInterface | undefined {
  return set?.interfaces.find((card) => card.mac.toLowerCase() === mac.toLowerCase());
}

/** Everything of a machine in the order it is listed: what it is made of, what is to be added, the rest. */
export function listDevices(
  { stored, live }: Pick<Hardware, 'stored' | 'live'>,
  draft: ReadonlyMap<string, HardwareEdit>,
): readonly Device[] {
  const sets = live === null ? [stored] : [stored, live];
  const targets = unique(sets.flatMap((set) => set.disks.map((disk) => disk.target)));
  const macs = unique(sets.flatMap((set) => set.interfaces.map((card) => card.mac.toLowerCase())));
  const disks = targets.flatMap((target): Device[] => {
    const pair = { stored: findDisk(stored, target), live: findDisk(live, target) };
    const disk = pair.stored ?? pair.live;
    if (!disk) return [];
    return [{ kind: isDrive(disk) ? 'drive' : 'disk', id: diskId(target), target, ...pair }];
  });
  const interfaces = macs.map(
    (mac): Device => ({
      kind: 'interface',
      id: interfaceId(mac),
      mac,
      stored: findInterface(stored, mac),
      live: findInterface(live, mac),
    }),
  );
  const added = [...draft].flatMap(([id, edit]): Device[] =>
    isAdd(edit) ? [{ kind: 'added', id, edit }] : [],
  );
  const isDiskAdd = (device: Device) => device.kind === 'added' && device.edit.type !== 'add-interface';
  return [
    { kind: 'cpu', id: 'cpu' },
    { kind: 'memory', id: 'memory' },
    ...disks,
    ...added.filter(isDiskAdd),
    ...interfaces,
    ...added.filter((device) => !isDiskAdd(device)),
    { kind: 'boot', id: 'boot' },
    { kind: 'firmware', id: 'firmware' },
    { kind: 'screen', id: 'screen' },
    { kind: 'services', id: 'services' },
    { kind: 'serial', id: 'serial' },
    { kind: 'folders', id: 'folders' },
    { kind: 'others', id: 'others' },
  ];
}

export function isAdd(edit: HardwareEdit): edit is AddEdit {
  return edit.type === 'add-disk' || edit.type === 'add-drive' || edit.type === 'add-interface';
}

/** Kinds of which others of the list speak. */
const hasForm: ReadonlySet<OtherDevice['kind']> = new Set<OtherDevice['kind']>([
  'filesystem',
  'graphics',
  'rng',
  'serial',
  'sound',
  'tpm',
  'video',
  'watchdog',
]);

/** Devices that no other entry of the list is about. */
export function devicesWithoutForm({ others }: HardwareSet): readonly OtherDevice[] {
  return others.filter(({ kind }) => !hasForm.has(kind));
}

/** Names of what a definition boots from, first to last: disk targets and MACs. */
export function bootOrderOf(set: HardwareSet): readonly string[] {
  return [
    ...set.disks.map((disk) => ({ name: disk.target, order: disk.bootOrder })),
    ...set.interfaces.map((card) => ({ name: card.mac, order: card.bootOrder })),
  ]
    .filter((entry): entry is { name: string; order: number } => entry.order !== null)
    .sort((a, b) => a.order - b.order)
    .map((entry) => entry.name);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
