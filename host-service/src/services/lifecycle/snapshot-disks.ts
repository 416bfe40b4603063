import { LimenError } from '@limen/contract';
import type { DiskSource } from '../../ports/disk-tool.ts';
import type { SnapshotsReading } from '../../ports/machine-snapshots.ts';

/** A disk to be copied, by its target in the machine. */
export interface CopiedDisk {
  readonly target: string;
  readonly from: Pick<DiskSource, 'path' | 'snapshot'> & { readonly format: 'qcow2' | 'raw' };
}

/**
 * The disks as a snapshot keeps them. Throws `NOT_FOUND` (kind `snapshot`); `CONFLICT` (`wrong-state`) for an internal
 * one unless the machine is off, since nobody else reads a file that QEMU writes to; `UNSUPPORTED` for disks of
 * formats that are not copied.
 */
export function disksAt({ setup, snapshots }: SnapshotsReading, name: string): CopiedDisk[] {
  const snapshot = snapshots.find((each) => each.name === name);
  if (snapshot === undefined) throw new LimenError('NOT_FOUND', { kind: 'snapshot', id: name });
  const { state } = setup;
  if (snapshot.kind === 'internal' && state !== 'off')
    throw new LimenError('CONFLICT', { reason: 'wrong-state', state });
  const kept = snapshot.disks.filter(({ kind }) => kind !== null);
  if (kept.length === 0) throw unsupported(name);
  return kept.map(({ target, kind, path, format: said }) => {
    // What libvirt takes a disk for of which nothing is said.
    const format = said ?? 'raw';
    if (path === null || (format !== 'qcow2' && format !== 'raw')) throw unsupported(target);
    const from = { path, format } as const;
    return { target, from: kind === 'internal' ? { ...from, snapshot: name } : from };
  });
}

function unsupported(what: string): LimenError<'UNSUPPORTED'> {
  return new LimenError('UNSUPPORTED', { feature: `copying ${what}`, packages: [] });
}
