import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Hypervisor } from '../../ports/hypervisor.ts';
import type { JobDefinition } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { DiskUsers } from './disk-users.ts';
import { type DiskMoveArgs, diskMoveArgs } from './job-args.ts';
import { isMissing, type NoState } from './job-steps.ts';

export interface DiskMoveJobDependencies {
  readonly disks: Pick<DiskTool, 'contentBytes' | 'convert' | 'discard'>;
  readonly editor: MachineEditor;
  readonly hypervisor: Pick<Hypervisor, 'getMachine'>;
  readonly inventory: Pick<Inventory, 'refresh'>;
  readonly storage: Pick<MachineStorage, 'isOwn' | 'remove'>;
  readonly users: DiskUsers;
}

/**
 * Copy a disk to another place or format, and use the copy. The machine goes on meanwhile, if it runs: QEMU mirrors what
 * it writes. The definition says how far it is: the disk is the old file until the copy is whole, and the new one from
 * then on, which is not taken back.
 */
export function diskMoveJob(deps: DiskMoveJobDependencies): JobDefinition<DiskMoveArgs, NoState> {
  const { disks, editor, hypervisor, inventory } = deps;
  return {
    kind: 'disk.move',
    args: diskMoveArgs,
    concurrency: 1,
    steps: [
      {
        name: 'copy',
        weight: 20,
        async run({ args, signal, progress }) {
          if (await isMoved(deps, args)) return;
          const { machineId, target, from, to } = args;
          const total = await disks.contentBytes(from);
          const onProgress = (fraction: number): void => progress(fraction * total, total);
          const { state } = await hypervisor.getMachine(machineId);
          if (state === 'off') {
            await disks.convert(from, to, { signal, onProgress });
            await editor.setDiskFile(machineId, target, to);
          } else {
            const { bytesPerSecond } = args;
            await editor.mirrorDisk(machineId, target, to, { signal, onProgress, bytesPerSecond });
          }
        },
        async undo({ args }) {
          const { machineId, target, to } = args;
          await editor.stopMirror(machineId, target);
          // Cancelled too late: the machine has the copy, and nothing needs what it was.
          if (await isMoved(deps, args)) await finish(deps, args);
          else await disks.discard(to.path);
        },
      },
      {
        name: 'delete',
        run: async ({ args }) => {
          await finish(deps, args);
          await inventory.refresh(args.machineId);
        },
      },
    ],
  };
}

/** Whether the machine has the copy. One that is gone has neither. */
async function isMoved(
  { editor }: DiskMoveJobDependencies,
  { machineId, target, to }: DiskMoveArgs,
): Promise<boolean> {
  try {
    const { disks } = await editor.files(machineId);
    return disks.some((disk) => disk.target === target && disk.path === to.path);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** The old file goes if it is LIMEN's own and nobody needs it; the machine is no linked clone any more if it was one by it. */
async function finish(deps: DiskMoveJobDependencies, { machineId, from }: DiskMoveArgs): Promise<void> {
  const { editor, storage, users } = deps;
  const others = await users.others(machineId);
  if (!others.has(from.path) && (await storage.isOwn(from.path))) await storage.remove(from.path);
  const files = await editor.files(machineId);
  const chains = await Promise.all(files.disks.map((disk) => users.chainOf(disk)));
  if (chains.every((chain) => chain.length < 2)) await editor.setMetadata(machineId, { linkedTo: null });
}
