import type { DiskTool } from '../../ports/disk-tool.ts';
import type { JobDefinition } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineSnapshots, SnapshotReading, SnapshotsReading } from '../../ports/machine-snapshots.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { DiskUsers } from '../lifecycle/disk-users.ts';
import { isBelowPresent, isUnmerged, readDiskFiles } from './disk-files.ts';
import { type DeleteArgs, deleteArgs } from './job-args.ts';
import type { NoState } from '../lifecycle/job-steps.ts';
import { deleteRefusal, unneededFiles } from './snapshot-records.ts';
import { realign } from './realign.ts';
import { refused } from './refusals.ts';

export interface DeleteJobDependencies {
  readonly snapshots: MachineSnapshots;
  readonly disks: DiskTool;
  readonly storage: MachineStorage;
  readonly editor: Pick<MachineEditor, 'forceOff'>;
  readonly inventory: Pick<Inventory, 'refresh'>;
  readonly users: Pick<DiskUsers, 'others'>;
  readonly changed: (machineId: DeleteArgs['machineId']) => void;
}

/**
 * Delete snapshots one after another. What is merged is merged: cancelling stops before the next one. Interrupted, a
 * merge is taken up where QEMU is with it.
 */
export function deleteSnapshotsJob(deps: DeleteJobDependencies): JobDefinition<DeleteArgs, NoState> {
  const { snapshots, editor, inventory } = deps;
  return {
    kind: 'snapshot.delete',
    args: deleteArgs,
    concurrency: 2,
    steps: [
      {
        name: 'merge',
        async run({ args, signal, progress, log }) {
          const { machineId, names, wasOff } = args;
          for (const name of names) {
            if (signal.aborted) break;
            await deleteOne(deps, machineId, name, { progress, log });
            deps.changed(machineId);
          }
          if (wasOff) await powerOffUnlessUsed(deps, machineId);
          await inventory.refresh(machineId);
        },
        async undo({ args: { machineId, wasOff } }) {
          if (wasOff) await powerOffUnlessUsed({ snapshots, editor }, machineId);
        },
      },
    ],
    onFinished: ({ subject: { machineId } }) => {
      if (machineId !== null) deps.changed(machineId);
    },
  };
}

interface Telling {
  readonly progress: (done: number, total: number) => void;
  readonly log: (text: string) => void;
}

async function deleteOne(
  deps: DeleteJobDependencies,
  machineId: DeleteArgs['machineId'],
  name: string,
  { progress, log }: Telling,
): Promise<void> {
  const { snapshots, disks } = deps;
  await realign(deps, machineId);
  const reading = await snapshots.read(machineId);
  const snapshot = reading.snapshots.find((each) => each.name === name);
  if (snapshot === undefined) return;
  const files = await readDiskFiles(disks, reading);
  const refusal = deleteRefusal(snapshot, reading, files);
  if (refusal !== null) throw refused(refusal);
  const merges =
    isBelowPresent(files, snapshot) && (reading.setup.state !== 'off' || isUnmerged(files, snapshot));
  if (snapshot.kind === 'internal' || merges) {
    await snapshots.remove(machineId, name, { onProgress: progress });
  } else await snapshots.forget(machineId, name);
  if (snapshot.kind === 'external') await removeFiles(deps, machineId, filesOf(snapshot), log);
  log(`deleted ${name}`);
}

/** libvirt removes what it merged by itself, unless it died over it; and nothing of a branch that was left. */
async function removeFiles(
  { snapshots, disks, storage, users }: DeleteJobDependencies,
  machineId: DeleteArgs['machineId'],
  candidates: readonly string[],
  log: (text: string) => void,
): Promise<void> {
  const reading: SnapshotsReading = await snapshots.read(machineId);
  const files = await readDiskFiles(disks, reading);
  const others = await users.others(machineId);
  const unneeded = unneededFiles(reading, files, candidates).filter((file) => !others.has(file));
  for (const file of unneeded) {
    await storage.remove(file);
    log(`deleted ${file}`);
  }
}

function filesOf({ disks, memoryFile }: SnapshotReading): string[] {
  const kept = disks.flatMap(({ kind, path, overlay }) => (kind === 'external' ? [path, overlay] : []));
  return [...kept, memoryFile].filter((file) => file !== null);
}

/** libvirt killed while it merged disks of a machine that was off leaves it standing, never having run. */
async function powerOffUnlessUsed(
  { snapshots, editor }: Pick<DeleteJobDependencies, 'snapshots' | 'editor'>,
  machineId: DeleteArgs['machineId'],
): Promise<void> {
  const { setup } = await snapshots.read(machineId);
  if (setup.state === 'paused') await editor.forceOff(machineId);
}
