import { LimenError } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Hypervisor } from '../../ports/hypervisor.ts';
import type { ImageSources } from '../../ports/image-sources.ts';
import type { JobDefinition, JobStep, StepContext } from '../../ports/jobs.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import { copyInFull, type DiskCopy } from './disk-copies.ts';
import { type CloneArgs, cloneArgs } from './job-args.ts';
import {
  isMissing,
  type NoState,
  ownerStep,
  removeMachine,
  reserveStep,
  settleStep,
  startStep,
  type StepDependencies,
} from './job-steps.ts';

export interface CloneJobDependencies extends StepDependencies {
  readonly storage: MachineStorage;
  readonly disks: DiskTool;
  readonly images: Pick<ImageSources, 'addBase' | 'removeBase'>;
  readonly hypervisor: Pick<Hypervisor, 'getMachine'>;
}

/** Copying is bound by the disk they share. */
const AT_ONCE = 2;

/** Copy a machine that is off, or one of its snapshots, with an identity of its own; a linked clone shares what its source has at that moment. */
export function cloneJob(deps: CloneJobDependencies): JobDefinition<CloneArgs, NoState> {
  const { editor, storage, disks } = deps;
  return {
    kind: 'machine.clone',
    args: cloneArgs,
    concurrency: AT_ONCE,
    steps: [
      reserveStep(deps),
      baseStep(deps),
      {
        name: 'disk',
        weight: 20,
        async run(context) {
          await storage.prepare();
          await copyDisks(deps, context);
        },
        async undo({ args }) {
          for (const { to } of args.disks) await disks.discard(to);
        },
      },
      {
        name: 'nvram',
        async run({ args: { nvram } }) {
          if (nvram.from !== null) await storage.copyFile(nvram.from, nvram.to);
        },
        undo: ({ args: { nvram } }) => storage.remove(nvram.to),
      },
      ownerStep(deps),
      {
        name: 'define',
        async run({ args }) {
          const { sourceId, snapshot, machineId, name, description, owner, nvram, macs } = args;
          const files = args.disks.map(({ target, to }) => [target, { path: to, format: 'qcow2' }] as const);
          const plan = { sourceId, snapshot, machineId, name, description, owner, macs };
          await editor.defineCopy({ ...plan, nvramPath: nvram.to, disks: new Map(files) });
          const [base] = args.bases;
          await editor.setMetadata(machineId, { linkedTo: base?.imageId ?? null });
        },
        undo: ({ args }) => removeMachine(deps, args.machineId),
      },
      startStep(deps),
      settleStep(deps),
    ],
  };
}

/**
 * Of a linked clone: the source's disk becomes a template of the library, on which the source goes on as the first
 * linked machine. So the base is protected as every image is, and the source may change and be deleted like any other.
 */
function baseStep({
  editor,
  storage,
  images,
  hypervisor,
  disks,
}: CloneJobDependencies): JobStep<CloneArgs, NoState> {
  return {
    name: 'base',
    async run({ args }) {
      if (args.bases.length === 0) return;
      const { state } = await hypervisor.getMachine(args.sourceId);
      if (state !== 'off') throw new LimenError('CONFLICT', { reason: 'wrong-state', state });
      for (const [base, { from }] of paired(args)) {
        await storage.shareDisk(from, base.path);
        await editor.setDiskFile(args.sourceId, base.target, { path: from.path, format: 'qcow2' });
        const info = await disks.info(base.path);
        await images.addBase({
          id: base.imageId,
          name: base.name,
          path: base.path,
          format: from.format,
          virtualBytes: info?.virtualBytes ?? 0,
          actualBytes: (await storage.allocatedBytes(base.path)) ?? 0,
          presetId: args.presetId,
          userId: args.owner?.id ?? null,
        });
      }
      await editor.setMetadata(args.sourceId, { linkedTo: args.bases[0]?.imageId ?? null });
    },
    async undo({ args, log }) {
      for (const [base, { from }] of paired(args)) {
        if (!(await storage.unshareDisk(from.path, base.path))) {
          log(`${args.sourceName} has been used since; it stays a linked machine of ${base.name}`);
          continue;
        }
        await images.removeBase(base.imageId);
        try {
          await editor.setDiskFile(args.sourceId, base.target, from);
          await editor.setMetadata(args.sourceId, { linkedTo: args.sourceLinkedTo });
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      }
    },
  };
}

function paired(args: CloneArgs): [CloneArgs['bases'][number], CloneArgs['disks'][number]][] {
  return args.bases.flatMap((base) => {
    const disk = args.disks.find(({ target }) => target === base.target);
    return disk === undefined ? [] : [[base, disk]];
  });
}

async function copyDisks(
  { disks }: CloneJobDependencies,
  { args, ...work }: StepContext<CloneArgs, NoState>,
): Promise<void> {
  const bases = new Map(args.bases.map((base) => [base.target, base]));
  const copies: DiskCopy[] = [];
  for (const { target, from, to } of args.disks) {
    const base = bases.get(target);
    if (base === undefined) copies.push({ from, to: { path: to, format: 'qcow2' } });
    else await disks.overlay(to, { path: base.path, format: from.format }, { signal: work.signal });
  }
  await copyInFull(disks, copies, work);
}
