import { type Job, LimenError, type Machine, type MachineId } from '@limen/contract';
import type { Jobs } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { requireMachine } from '../machine-access.ts';

export interface SavingDependencies {
  readonly editor: Pick<MachineEditor, 'discardSaved'>;
  readonly inventory: Pick<Inventory, 'find' | 'refresh'>;
  readonly jobs: Pick<Jobs, 'enqueue'>;
}

/** Puts machines to sleep on the host's disk; starting one wakes it. */
export class Saving {
  readonly #deps: SavingDependencies;

  constructor(deps: SavingDependencies) {
    this.#deps = deps;
  }

  /** Rejects with `CONFLICT`: `wrong-state` unless it runs or is paused, or is one libvirt does not keep; `busy`. */
  save({ userId, username }: Principal, machineId: MachineId): Promise<Job> {
    const machine = requireMachine(this.#deps.inventory, machineId);
    const { state, persistent } = machine;
    if (!persistent || (state !== 'running' && state !== 'paused')) {
      throw new LimenError('CONFLICT', { reason: 'wrong-state', state: persistent ? state : 'transient' });
    }
    return this.#deps.jobs.enqueue({
      kind: 'machine.save',
      args: { machineId },
      subject: { name: machine.name, machineId },
      createdBy: { userId, username },
      dedupeKey: `machine ${machineId}`,
    });
  }

  /** Rejects with `CONFLICT` (`wrong-state`) when nothing is saved. */
  async discard(machineId: MachineId): Promise<Machine> {
    const { editor, inventory } = this.#deps;
    const { state } = requireMachine(inventory, machineId);
    if (state !== 'saved') throw new LimenError('CONFLICT', { reason: 'wrong-state', state });
    await editor.discardSaved(machineId);
    return inventory.refresh(machineId);
  }
}
