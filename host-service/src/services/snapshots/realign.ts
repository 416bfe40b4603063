import type { MachineId } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { MachineSnapshots, Overlays, SnapshotReading } from '../../ports/machine-snapshots.ts';
import { type DiskFiles, isBelowPresent, readDiskFiles } from './disk-files.ts';
import { isRevertedByLibvirt } from './snapshot-records.ts';

/**
 * Tell libvirt which files the machine went on in after each external snapshot, by what their headers say: it merges
 * those and no others, and cannot know of reverts that it did not make itself.
 */
export async function realign(
  { snapshots, disks }: { snapshots: MachineSnapshots; disks: Pick<DiskTool, 'chain'> },
  machineId: MachineId,
): Promise<void> {
  const reading = await snapshots.read(machineId);
  const files = await readDiskFiles(disks, reading);
  for (const snapshot of reading.snapshots) {
    if (snapshot.kind !== 'external' || isRevertedByLibvirt(snapshot, reading.setup)) continue;
    if (!isBelowPresent(files, snapshot)) continue;
    const overlays = overlaysInUse(snapshot, files);
    const isKnown = overlays.every(({ target, path }) =>
      snapshot.disks.some((disk) => disk.target === target && disk.overlay === path),
    );
    if (!isKnown) await snapshots.setOverlays(machineId, snapshot.name, overlays);
  }
}

/** Of a disk whose file is the machine's present one there is none: it was merged already. */
function overlaysInUse({ disks }: SnapshotReading, { present, below }: DiskFiles): Overlays {
  return disks.flatMap(({ target, kind, path }) => {
    if (kind !== 'external' || path === null) return [];
    const above = [...present].find((file) => below.get(file) === path);
    return above === undefined ? [] : [{ target, path: above }];
  });
}
