import type { DiskTool } from '../../ports/disk-tool.ts';
import type { JobDefinition, JobStep } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { DiskUsers } from '../lifecycle/disk-users.ts';
import { readDiskFiles } from './disk-files.ts';
import { type RevertArgs, revertArgs } from './job-args.ts';
import { realign } from './realign.ts';
import { unneededFiles } from './snapshot-records.ts';
import { clearInterrupted, takeSnapshot, type TakingDependencies } from './taking.ts';

export interface RevertJobDependencies extends TakingDependencies {
  readonly disks: DiskTool;
  readonly editor: Pick<MachineEditor, 'discardSaved' | 'forceOff' | 'start'>;
  readonly inventory: Pick<Inventory, 'refresh'>;
  readonly users: Pick<DiskUsers, 'others'>;
  readonly changed: (machineId: RevertArgs['machineId']) => void;
}

interface RevertState {
  /** The files its disks were in, which nothing may need afterwards. */
  readonly heads: readonly string[];
}

/**
 * Go back to a snapshot. The snapshot of the present, once taken, stays whatever follows: it may be all that is left of
 * the present. Each step can be repeated until it works; there is no way back from the third.
 */
export function revertSnapshotJob(deps: RevertJobDependencies): JobDefinition<RevertArgs, RevertState> {
  return {
    kind: 'snapshot.revert',
    args: revertArgs,
    concurrency: 2,
    steps: [presentStep(deps), overlaysStep(deps), revertStep(deps), resumeStep(deps)],
    onFinished: ({ subject: { machineId } }) => {
      if (machineId !== null) deps.changed(machineId);
    },
  };
}

type Step = JobStep<RevertArgs, RevertState>;

function presentStep(deps: RevertJobDependencies): Step {
  return {
    name: 'present',
    async run({ args: { present }, log }) {
      if (present !== null) await takeSnapshot(deps, present, log);
    },
    async undo({ args: { present }, log }) {
      if (present === null) return;
      await clearInterrupted(deps, present).catch((error: unknown) => log(String(error)));
    },
  };
}

function overlaysStep({ snapshots, disks, editor, storage }: RevertJobDependencies): Step {
  return {
    name: 'overlays',
    async run({ args, signal }) {
      if (args.byLibvirt) return;
      await editor.forceOff(args.machineId);
      await storage.prepare();
      for (const { path, base } of args.overlays) await disks.overlay(path, base, { signal });
    },
    async undo({ args }) {
      const { setup } = await snapshots.read(args.machineId);
      const inUse = new Set(setup.disks.map(({ path }) => path));
      for (const { path } of args.overlays) if (!inUse.has(path)) await disks.discard(path);
    },
  };
}

function revertStep(deps: RevertJobDependencies): Step {
  const { snapshots } = deps;
  return {
    name: 'revert',
    async prepare({ args }) {
      const { setup } = await snapshots.read(args.machineId);
      const heads = setup.disks.filter(({ format }) => format === 'qcow2');
      return { heads: heads.flatMap(({ path }) => path ?? []) };
    },
    async run({ args, state: { heads = [] }, log }) {
      const { machineId, name, byLibvirt, start } = args;
      const { setup } = await snapshots.read(machineId);
      // Memory that was saved belongs to disks which are another moment's from now on.
      if (setup.state === 'saved') await deps.editor.discardSaved(machineId);
      if (byLibvirt) {
        await snapshots.revert(machineId, name, start);
        return;
      }
      await snapshots.continueFrom(machineId, name, args.overlays);
      await realign(deps, machineId);
      await removeHeads(deps, args, heads, log);
    },
  };
}

/** Of the files the disks were in, those that only held the present that was given up. */
async function removeHeads(
  { snapshots, disks, storage, users }: RevertJobDependencies,
  { machineId, overlays }: RevertArgs,
  heads: readonly string[],
  log: (text: string) => void,
): Promise<void> {
  const reading = await snapshots.read(machineId);
  const files = await readDiskFiles(disks, reading);
  const others = await users.others(machineId);
  const ours = new Set(overlays.map(({ path }) => path));
  const candidates: string[] = [];
  for (const path of heads) {
    if (ours.has(path) || others.has(path)) continue;
    // A disk that is not on top of another was never made by a snapshot.
    if ((await disks.chain({ path, format: 'qcow2' })).length > 1) candidates.push(path);
  }
  for (const file of unneededFiles(reading, files, candidates)) {
    await storage.remove(file);
    log(`deleted ${file}`);
  }
}

function resumeStep({ snapshots, editor, inventory }: RevertJobDependencies): Step {
  return {
    name: 'resume',
    async run({ args, log }) {
      const { machineId, byLibvirt, memory, memoryFile, paused, start } = args;
      if (!byLibvirt && memoryFile !== null) await snapshots.restoreMemory(machineId, memoryFile, paused);
      else if (!byLibvirt && start) await editor.start(machineId);
      await inventory.refresh(machineId);
      if (!memory || paused) return;
      // The guest goes on with the time of the snapshot; without an agent it has to find out by itself.
      const set = await snapshots.setGuestTime(machineId);
      log(set ? 'the guest’s clock was set' : 'no agent answered; the guest’s clock is as it was then');
    },
  };
}
