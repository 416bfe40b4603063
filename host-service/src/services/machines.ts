import { LimenError, type Machine, type MachineId, type PowerAction, type UserId } from '@limen/contract';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { Ownership } from '../ports/ownership.ts';
import type { Principal } from '../ports/principal.ts';
import type { Inventory } from './inventory/inventory.ts';
import { machineNotFound, requireMachine } from './machine-access.ts';

export interface MachinesDependencies {
  readonly hypervisor: Pick<Hypervisor, 'power'>;
  readonly ownership: Pick<Ownership, 'set'>;
  readonly inventory: Pick<Inventory, 'status' | 'find' | 'list' | 'refresh' | 'setOwner'>;
}

/** What can be done to machines. */
export class Machines {
  readonly #deps: MachinesDependencies;

  constructor(deps: MachinesDependencies) {
    this.#deps = deps;
  }

  /**
   * All that may be seen and are not in the trash. A list cannot say how old it is, as the inventory's stream does, so there is none while
   * libvirt is away: throws `HYPERVISOR_UNAVAILABLE`.
   */
  list(principal: Principal): Machine[] {
    const { status } = this.#deps.inventory;
    if (status.state !== 'connected') {
      throw new LimenError('HYPERVISOR_UNAVAILABLE', {
        detail: status.detail ?? status.state,
      });
    }
    return this.#deps.inventory.list(principal).filter(({ trashed }) => trashed === null);
  }

  /** The machine as last known. Throws `NOT_FOUND`. */
  get(machineId: MachineId): Machine {
    const machine = this.#deps.inventory.find(machineId);
    if (!machine) throw machineNotFound(machineId);
    return machine;
  }

  /**
   * Change the power state and answer with the machine after it, which is then already published. Whether the state
   * allows it is judged by libvirt's word, not by the inventory's, which may be a moment older.
   * Rejects with `CONFLICT` (`wrong-state`, with what is allowed; `in-trash`), `NOT_FOUND` or as the hypervisor does.
   */
  async power(machineId: MachineId, action: PowerAction): Promise<Machine> {
    const before = requireMachine(this.#deps.inventory, machineId);
    await this.#deps.hypervisor.power(machineId, action);
    return this.#after(before);
  }

  /** Rejects with `NOT_FOUND` when there is no such user. */
  async setOwner(machineId: MachineId, userId: UserId | null): Promise<Machine> {
    this.get(machineId);
    const owner = await this.#deps.ownership.set(machineId, userId);
    this.#deps.inventory.setOwner(machineId, owner);
    return this.get(machineId);
  }

  /** A transient machine ceases to exist when it is powered off: then the last of it is that it is off. */
  async #after(before: Machine): Promise<Machine> {
    try {
      return await this.#deps.inventory.refresh(before.id);
    } catch (error) {
      if (before.persistent || !LimenError.is(error, 'NOT_FOUND')) throw error;
      return { ...before, state: 'off', stateReason: null, startedAt: null };
    }
  }
}
