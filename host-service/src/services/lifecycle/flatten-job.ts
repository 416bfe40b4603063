import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Hypervisor } from '../../ports/hypervisor.ts';
import type { JobDefinition } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { DiskUsers } from './disk-users.ts';
import { type FlattenArgs, flattenArgs } from './job-args.ts';
import type { NoState } from './job-steps.ts';

export interface FlattenJobDependencies {
  readonly disks: Pick<DiskTool, 'flatten' | 'contentBytes'>;
  readonly editor: MachineEditor;
  readonly hypervisor: Pick<Hypervisor, 'getMachine'>;
  readonly inventory: Pick<Inventory, 'refresh'>;
  readonly users: DiskUsers;
}

/**
 * Copy what a machine shares with its base. Interrupted, what was copied stays copied and the machine as it was, so
 * there is nothing to undo. A machine that runs goes on meanwhile.
 */
export function flattenJob(deps: FlattenJobDependencies): JobDefinition<FlattenArgs, NoState> {
  const { disks, editor, hypervisor, inventory, users } = deps;
  return {
    kind: 'machine.flatten',
    args: flattenArgs,
    concurrency: 1,
    steps: [
      {
        name: 'copy',
        weight: 20,
        async run({ args: { machineId }, signal, progress }) {
          const files = await editor.files(machineId);
          for (const disk of files.disks) {
            if (disk.path === null || (await users.chainOf(disk)).length < 2) continue;
            // Asked again for each disk: it may have been started or have ended meanwhile.
            const { state } = await hypervisor.getMachine(machineId);
            const total = await disks.contentBytes({ path: disk.path, format: 'qcow2' });
            const onProgress = (fraction: number): void => progress(fraction * total, total);
            if (state === 'off' || state === 'saved') await disks.flatten(disk.path, { signal, onProgress });
            else await editor.pullDisk(machineId, disk.target, { signal, onProgress });
          }
        },
      },
      {
        name: 'unlink',
        async run({ args: { machineId } }) {
          await editor.setMetadata(machineId, { linkedTo: null });
          await inventory.refresh(machineId);
        },
      },
    ],
  };
}
