import type { Snapshot } from '@limen/contract';

/** Where the machine is now; no snapshot has this for a name. */
export const NOW = '/now';

/** By which a tab is known: it becomes part of an element's id, which has no spaces. */
export function tabValue(id: string): string {
  return encodeURIComponent(id);
}

/** One line of the tree as it is drawn, from the first snapshot down. */
export interface TreeRow {
  /** Name of a snapshot, or {@link NOW}. */
  readonly id: string;
  /** Null: the machine as it is now. */
  readonly snapshot: Snapshot | null;
  /** How many branches it is away from the line that leads to the present. */
  readonly lane: number;
}

/**
 * The line that leads to the present goes straight down; what branches off it is drawn before it, one lane further in.
 * So a chain of many snapshots stays a list.
 */
export function treeRows(snapshots: readonly Snapshot[]): TreeRow[] {
  const names = new Set(snapshots.map(({ name }) => name));
  const isRoot = ({ parent }: Snapshot): boolean => parent === null || !names.has(parent);
  const current = snapshots.find((snapshot) => snapshot.current);
  const line = lineTo(current, snapshots);
  const rows: TreeRow[] = [];
  const add = (siblings: readonly Snapshot[], lane: number, below: Snapshot | null): void => {
    const goesOnHere = current?.name === below?.name;
    // The straight line of a branch that does not lead to the present is its youngest.
    const straight =
      siblings.find(({ name }) => line.has(name)) ?? (goesOnHere ? undefined : siblings.at(-1));
    for (const sibling of siblings) if (sibling !== straight) addOne(sibling, lane + 1);
    if (straight !== undefined) addOne(straight, lane);
    if (goesOnHere) rows.push({ id: NOW, snapshot: null, lane });
  };
  const addOne = (snapshot: Snapshot, lane: number): void => {
    rows.push({ id: snapshot.name, snapshot, lane });
    add(
      snapshots.filter(({ parent }) => parent === snapshot.name),
      lane,
      snapshot,
    );
  };
  add(snapshots.filter(isRoot), 0, null);
  return rows;
}

/** Names of the snapshots from the first one to this. */
function lineTo(snapshot: Snapshot | undefined, all: readonly Snapshot[]): ReadonlySet<string> {
  const line = new Set<string>();
  for (let each = snapshot; each !== undefined && !line.has(each.name); ) {
    line.add(each.name);
    const { parent } = each;
    each = all.find(({ name }) => name === parent);
  }
  return line;
}

/** All that were taken on it, however far down. */
export function descendantsOf(snapshot: Snapshot, all: readonly Snapshot[]): readonly Snapshot[] {
  return all
    .filter(({ parent }) => parent === snapshot.name)
    .flatMap((child) => [child, ...descendantsOf(child, all)]);
}

/** A name for the next one: the first number from `first` on that nobody has. */
export function suggestName(
  pattern: (number: number) => string,
  all: readonly Snapshot[],
  first = all.length + 1,
): string {
  const taken = new Set(all.map(({ name }) => name));
  let number = first;
  while (taken.has(pattern(number))) number += 1;
  return pattern(number);
}
