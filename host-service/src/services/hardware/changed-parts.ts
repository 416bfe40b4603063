import type { HardwareSet } from '@limen/contract';

const PARTS = [
  'vcpus',
  'cpu',
  'memory',
  'firmware',
  'chipset',
  'tpm',
  'video',
  'sound',
  'rng',
  'watchdog',
  'serialPorts',
  'sharedFolders',
] as const satisfies readonly (keyof HardwareSet)[];

/** What tells two definitions apart, in few words: `vcpus`, `memory`, targets of disks, MACs. Empty: nothing shown. */
export function changedParts(before: HardwareSet, after: HardwareSet): string[] {
  const whole = PARTS.filter((part) => !isSame(before[part], after[part]));
  return [
    ...whole,
    ...changedItems(before.disks, after.disks, ({ target }) => target, withoutUse),
    ...changedItems(
      before.interfaces,
      after.interfaces,
      ({ mac }) => mac,
      (nic) => nic,
    ),
    ...(isSame(before.others, after.others) ? [] : ['devices']),
  ];
}

/** How much of a disk is in use changes by itself. */
function withoutUse(disk: HardwareSet['disks'][number]): object {
  return { ...disk, allocatedBytes: null, capacityBytes: null };
}

function changedItems<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
  compared: (item: T) => object,
): string[] {
  const old = new Map(before.map((item) => [nameOf(item), item]));
  const changed = after.filter((item) => {
    const known = old.get(nameOf(item));
    old.delete(nameOf(item));
    return known === undefined || !isSame(compared(known), compared(item));
  });
  return [...changed.map(nameOf), ...old.keys()];
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
