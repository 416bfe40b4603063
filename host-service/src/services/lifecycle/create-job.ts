import type { JobDefinition, StepContext } from '../../ports/jobs.ts';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Sealing } from '../../ports/sealing.ts';
import type { SeedTool } from '../../ports/seed.ts';
import { copyInFull } from './disk-copies.ts';
import { type CreateArgs, createArgs, seedFilesArgs } from './job-args.ts';
import {
  type NoState,
  ownerStep,
  removeMachine,
  reserveStep,
  settleStep,
  startStep,
  type StepDependencies,
} from './job-steps.ts';

export interface CreateJobDependencies extends StepDependencies {
  readonly storage: MachineStorage;
  readonly disks: DiskTool;
  readonly sealing: Pick<Sealing, 'open'>;
  readonly seeds: SeedTool;
}

/** More at once only make each other slow: they share one disk. */
const AT_ONCE = 8;

/** Make a machine as planned. Every step may be repeated and is taken back by removing what its arguments name. */
export function createJob(deps: CreateJobDependencies): JobDefinition<CreateArgs, NoState> {
  const { editor, storage, disks, sealing, seeds } = deps;
  return {
    kind: 'machine.create',
    args: createArgs,
    concurrency: AT_ONCE,
    steps: [
      reserveStep(deps),
      {
        name: 'disk',
        weight: 20,
        async run(context) {
          await storage.prepare();
          await makeDisk(disks, context);
        },
        async undo({ args: { disk, plan } }) {
          if (disk.type !== 'attach') await disks.discard(plan.disk.path);
        },
      },
      {
        name: 'seed',
        async run({ args: { seed } }) {
          if (seed === null) return;
          const files: unknown = JSON.parse(sealing.open(seed.sealed));
          await seeds.build(seed.path, seedFilesArgs.parse(files));
        },
        async undo({ args: { seed } }) {
          if (seed !== null) await storage.remove(seed.path);
        },
      },
      ownerStep(deps),
      {
        name: 'define',
        async run({ args: { plan, variablesFrom } }) {
          if (variablesFrom !== null) await storage.copyFile(variablesFrom, plan.nvramPath);
          await editor.define(plan);
        },
        async undo({ args: { plan } }) {
          await removeMachine(deps, plan.machineId);
          await storage.remove(plan.nvramPath);
        },
      },
      {
        name: 'autostart',
        async run({ args: { autostart, plan } }) {
          if (autostart) await editor.setAutostart(plan.machineId, true);
        },
      },
      startStep(deps),
      settleStep(deps),
    ],
  };
}

async function makeDisk(disks: DiskTool, { args, ...work }: StepContext<CreateArgs, NoState>): Promise<void> {
  const { disk: origin, plan } = args;
  const { disk } = plan;
  if (origin.type === 'attach') return;
  const { signal } = work;
  const { virtualBytes } = origin;
  switch (origin.type) {
    case 'empty':
      return disks.create(disk, virtualBytes, { signal });
    case 'overlay':
      return disks.overlay(disk.path, origin.base, { signal, virtualBytes });
    case 'copy':
      await copyInFull(disks, [{ from: origin.from, to: disk }], work);
      return disks.grow(disk, virtualBytes, { signal });
  }
}
