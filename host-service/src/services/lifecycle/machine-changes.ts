import { LimenError, type Machine, type MachineId } from '@limen/contract';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { requireMachine } from '../machine-access.ts';
import type { MachineNames } from './machine-names.ts';

export interface MachineChangesDependencies {
  readonly editor: MachineEditor;
  readonly inventory: Pick<Inventory, 'find' | 'refresh'>;
  readonly names: MachineNames;
}

export interface MachineUpdate {
  readonly machineId: MachineId;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly autostart?: boolean | undefined;
}

/** Small changes of definitions. All reject with `CONFLICT` (`in-trash`) for a machine in the trash. */
export class MachineChanges {
  readonly #deps: MachineChangesDependencies;

  constructor(deps: MachineChangesDependencies) {
    this.#deps = deps;
  }

  /** A new name first, since it alone may be refused: `CONFLICT` `name-taken`, or `wrong-state` unless it is off. */
  async update({ machineId, name, description, tags, autostart }: MachineUpdate): Promise<Machine> {
    const { editor, inventory, names } = this.#deps;
    const machine = requireMachine(inventory, machineId);
    if (name !== undefined && name !== machine.name) {
      if (machine.state !== 'off') {
        throw new LimenError('CONFLICT', { reason: 'wrong-state', state: machine.state });
      }
      names.claim([name]);
      await editor.rename(machineId, name);
    }
    if (description !== undefined) await editor.setDescription(machineId, description);
    if (tags !== undefined) await editor.setMetadata(machineId, { tags });
    if (autostart !== undefined) await editor.setAutostart(machineId, autostart);
    return inventory.refresh(machineId);
  }

  /** From the next start. Rejects with `INVALID_INPUT` for what is no device of the machine. */
  async setBootOrder(machineId: MachineId, devices: readonly string[]): Promise<Machine> {
    requireMachine(this.#deps.inventory, machineId);
    await this.#deps.editor.setBootOrder(machineId, devices);
    return this.#deps.inventory.refresh(machineId);
  }

  async finishInstallation(machineId: MachineId): Promise<Machine> {
    requireMachine(this.#deps.inventory, machineId);
    await this.#deps.editor.finishInstallation(machineId);
    return this.#deps.inventory.refresh(machineId);
  }
}
