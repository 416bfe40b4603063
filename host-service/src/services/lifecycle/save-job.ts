import type { Hypervisor } from '../../ports/hypervisor.ts';
import type { JobDefinition } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { type SaveArgs, saveArgs } from './job-args.ts';
import type { NoState } from './job-steps.ts';

export interface SaveJobDependencies {
  readonly editor: Pick<MachineEditor, 'save'>;
  readonly hypervisor: Pick<Hypervisor, 'getMachine'>;
  readonly inventory: Pick<Inventory, 'refresh'>;
}

/** Write a machine's memory to the host's disk and stop it. Cut short, it runs on: there is nothing to undo. */
export function saveJob({
  editor,
  hypervisor,
  inventory,
}: SaveJobDependencies): JobDefinition<SaveArgs, NoState> {
  return {
    kind: 'machine.save',
    args: saveArgs,
    concurrency: 2,
    steps: [
      {
        name: 'save',
        async run({ args: { machineId }, signal }) {
          const { state } = await hypervisor.getMachine(machineId);
          if (state !== 'saved') await editor.save(machineId, signal);
          await inventory.refresh(machineId);
        },
      },
    ],
  };
}
