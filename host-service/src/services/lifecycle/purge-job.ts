import type { MachineId } from '@limen/contract';
import type { JobDefinition, JobStep } from '../../ports/jobs.ts';
import type { MachineSnapshots } from '../../ports/machine-snapshots.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { DiskUsers } from './disk-users.ts';
import { type PurgeArgs, purgeArgs } from './job-args.ts';
import { isMissing, removeMachine, type StepDependencies } from './job-steps.ts';

export interface PurgeJobDependencies extends Omit<StepDependencies, 'capacity'> {
  readonly snapshots: Pick<MachineSnapshots, 'read'>;
  readonly storage: MachineStorage;
  readonly users: DiskUsers;
}

interface PurgeState {
  /** Decided before the definition, which names them, is gone. */
  readonly files: readonly string[];
}

/**
 * Delete a machine for good. One step, since there is no way back from any part of it: it is repeated until nothing is
 * left, and cancelling it once the definition is gone ends what has begun. A file that somebody else needs is not
 * deleted, whoever asked.
 */
export function purgeJob(deps: PurgeJobDependencies): JobDefinition<PurgeArgs, PurgeState> {
  const { storage, reservations, ownership, inventory } = deps;
  const remove: NonNullable<JobStep<PurgeArgs, PurgeState>['undo']> = async ({ args, state, log }) => {
    const { machineId } = args;
    await removeMachine(deps, machineId);
    for (const path of state.files ?? []) {
      await storage.remove(path);
      log(`deleted ${path}`);
    }
    await reservations.release(machineId);
    await ownership.set(machineId, null);
    inventory.setOwner(machineId, null);
  };
  return {
    kind: 'machine.purge',
    args: purgeArgs,
    concurrency: 2,
    steps: [
      {
        name: 'delete',
        prepare: async ({ args }) => ({ files: await filesToDelete(deps, args) }),
        run: remove,
        async undo(context) {
          if (!(await isDefined(deps, context.args.machineId))) await remove(context);
        },
      },
    ],
  };
}

async function isDefined({ editor }: PurgeJobDependencies, machineId: MachineId): Promise<boolean> {
  try {
    await editor.files(machineId);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Memory, and disks of moments that the machine went back from. */
async function snapshotFiles(
  snapshots: PurgeJobDependencies['snapshots'],
  machineId: MachineId,
): Promise<string[]> {
  const { snapshots: known } = await snapshots.read(machineId);
  return known.flatMap(({ memoryFile, disks }) => {
    const kept = disks.flatMap(({ kind, path, overlay }) => (kind === 'external' ? [path, overlay] : []));
    return [...kept, memoryFile].filter((path) => path !== null);
  });
}

/** Of the machine's own files all, or all but its disks; of others those that were named. */
async function filesToDelete(
  { editor, snapshots, storage, users }: PurgeJobDependencies,
  { machineId, keepDisks, alsoDelete }: PurgeArgs,
): Promise<string[]> {
  try {
    const [{ disks, nvramPath }, others] = await Promise.all([
      editor.files(machineId),
      users.others(machineId),
    ]);
    const chosen = new Set<string>();
    for (const disk of disks) {
      if (disk.path === null) continue;
      const isDisk = disk.device === 'disk';
      if (isDisk && alsoDelete.includes(disk.path)) chosen.add(disk.path);
      if (isDisk && keepDisks) continue;
      // With the images under it that are the machine's own, as external snapshots leave them.
      for (const path of await users.chainOf(disk)) if (await storage.isOwn(path)) chosen.add(path);
    }
    for (const path of keepDisks ? [] : await snapshotFiles(snapshots, machineId)) {
      if (await storage.isOwn(path)) chosen.add(path);
    }
    if (nvramPath !== null && (await storage.isOwn(nvramPath))) chosen.add(nvramPath);
    return [...chosen].filter((path) => !others.has(path));
  } catch (error) {
    // Somebody removed the definition: what it named is not known any more.
    if (isMissing(error)) return [];
    throw error;
  }
}
