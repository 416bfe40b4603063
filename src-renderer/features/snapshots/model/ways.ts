import type { SnapshotOption, SnapshotRefusal } from '@limen/contract';

/** Whether a snapshot can be taken with memory, or without, and how. */
export interface Way {
  /** Null: it cannot. */
  readonly kind: SnapshotOption['kind'] | null;
  /** What speaks against it; empty where it can. */
  readonly refusals: readonly SnapshotRefusal[];
}

/** The way the host will choose; of several impossible ones, the one with the least in its way. */
export function wayTo(options: readonly SnapshotOption[], memory: boolean): Way {
  const ways = options.filter((option) => option.memory === memory);
  const possible = ways.find(({ refusals }) => refusals.length === 0);
  if (possible !== undefined) return { kind: possible.kind, refusals: [] };
  const [closest] = [...ways].sort((a, b) => a.refusals.length - b.refusals.length);
  return { kind: null, refusals: closest?.refusals ?? [] };
}

/** Why none can be taken at all; empty where one can. */
export function whyNone(options: readonly SnapshotOption[]): readonly SnapshotRefusal[] {
  const ways = [wayTo(options, true), wayTo(options, false)];
  if (ways.some(({ kind }) => kind !== null)) return [];
  return [...ways].sort((a, b) => a.refusals.length - b.refusals.length)[0]?.refusals ?? [];
}
