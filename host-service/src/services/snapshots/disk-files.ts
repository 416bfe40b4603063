import { stat } from 'node:fs/promises';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { SnapshotReading, SnapshotsReading } from '../../ports/machine-snapshots.ts';

/** Which files a machine's external snapshots and its present disks are made of. */
export interface DiskFiles {
  /** What its present disks need, themselves first. */
  readonly present: ReadonlySet<string>;
  /** The file that each one rests on, by what its header says. */
  readonly below: ReadonlyMap<string, string>;
  readonly missing: ReadonlySet<string>;
}

type Chains = Pick<DiskTool, 'chain'>;

/** Read the headers of all there are. */
export async function readDiskFiles(
  disks: Chains,
  { setup, snapshots }: SnapshotsReading,
): Promise<DiskFiles> {
  const present = new Set<string>();
  const below = new Map<string, string>();
  const missing = new Set<string>();
  const follow = async (path: string, format: string | null): Promise<string[]> => {
    const chain = await chainOf(disks, path, format);
    chain.forEach((file, index) => {
      const next = chain[index + 1];
      if (next !== undefined) below.set(file, next);
    });
    return chain;
  };
  for (const { path, format } of setup.disks) {
    if (path === null) continue;
    for (const file of await follow(path, format)) present.add(file);
  }
  for (const { disks: kept, memoryFile } of snapshots) {
    if (memoryFile !== null && !(await isThere(memoryFile))) missing.add(memoryFile);
    for (const { path, format, kind, overlay } of kept) {
      if (kind !== 'external') continue;
      if (path !== null) await follow(path, format);
      if (overlay !== null) await follow(overlay, 'qcow2');
      for (const file of [path, overlay]) if (file !== null && !(await isThere(file))) missing.add(file);
    }
  }
  return { present, below, missing };
}

/** Everything that the machine as it is now, or a snapshot, cannot do without. */
export function neededFiles(
  { present, below }: DiskFiles,
  snapshots: readonly SnapshotReading[],
): Set<string> {
  const needed = new Set(present);
  for (const { disks, memoryFile } of snapshots) {
    if (memoryFile !== null) needed.add(memoryFile);
    for (const { path } of disks) {
      for (let file = path ?? undefined; file !== undefined && !needed.has(file); file = below.get(file)) {
        needed.add(file);
      }
    }
  }
  return needed;
}

/** Whether the machine's present disks rest on what the snapshot keeps: else it went on elsewhere since. */
export function isBelowPresent({ present }: DiskFiles, { disks }: SnapshotReading): boolean {
  return disks.every(({ kind, path }) => kind !== 'external' || (path !== null && present.has(path)));
}

/** Whether they rest on what was written since, too: else that is merged already. */
export function isUnmerged({ present }: DiskFiles, { disks }: SnapshotReading): boolean {
  return disks.some(({ kind, overlay }) => kind === 'external' && overlay !== null && present.has(overlay));
}

async function chainOf(disks: Chains, path: string, format: string | null): Promise<string[]> {
  // Raw content is the guest's to write: whatever looks like a header there is none.
  return format === 'qcow2' ? disks.chain({ path, format }) : [path];
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
