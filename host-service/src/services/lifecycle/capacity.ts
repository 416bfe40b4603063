import type { CreationOptions, Machine } from '@limen/contract';
import type { Hypervisor } from '../../ports/hypervisor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Allocation, HostCapacity, Reservations } from '../../ports/reservations.ts';
import type { Inventory } from '../inventory/inventory.ts';

/** How much of the host machines may have: the configuration's section `storage`. */
export interface CapacityRules {
  readonly reserveDiskBytes: number;
  readonly reserveMemoryBytes: number;
  readonly memoryOvercommit: number;
}

export interface CapacityDependencies {
  readonly hypervisor: Pick<Hypervisor, 'facts'>;
  readonly inventory: Pick<Inventory, 'machines'>;
  readonly storage: Pick<MachineStorage, 'space'>;
  readonly reservations: Pick<Reservations, 'pending'>;
  readonly rules: CapacityRules;
}

/** What the host has, what of it is promised, and what is left. */
export class Capacity {
  readonly #deps: CapacityDependencies;

  constructor(deps: CapacityDependencies) {
    this.#deps = deps;
  }

  /** For a reservation: what must be waited for is read now, the rest at the moment of the check. */
  async forReservation(): Promise<() => HostCapacity> {
    const { hypervisor, storage, rules } = this.#deps;
    const [facts, space] = await Promise.all([hypervisor.facts(), storage.space()]);
    const diskFreeBytes = Math.max(0, space.freeBytes - rules.reserveDiskBytes);
    const memoryBytes = this.#memoryForMachines(facts.memoryBytes);
    return () => ({ memoryBytes, memoryInUse: this.#memoryInUse(), diskFreeBytes });
  }

  async overview(): Promise<CreationOptions['capacity']> {
    const { hypervisor, storage, reservations, rules } = this.#deps;
    const [facts, space, pending] = await Promise.all([
      hypervisor.facts(),
      storage.space(),
      reservations.pending(),
    ]);
    const inUse = this.#memoryInUse();
    const starting = pending.filter(({ machineId }) => !inUse.has(machineId));
    const memoryPromisedBytes = total([...inUse.values()]) + sum(starting, 'memoryBytes');
    const diskLeft = space.freeBytes - rules.reserveDiskBytes - sum(pending, 'newDiskBytes');
    return {
      logicalCpus: facts.cpu.logicalCpus,
      memoryBytes: facts.memoryBytes,
      memoryPromisedBytes,
      memoryAvailableBytes: Math.max(0, this.#memoryForMachines(facts.memoryBytes) - memoryPromisedBytes),
      diskBytes: space.totalBytes,
      diskAvailableBytes: Math.max(0, diskLeft),
    };
  }

  #memoryForMachines(memoryBytes: number): number {
    const { reserveMemoryBytes, memoryOvercommit } = this.#deps.rules;
    return Math.max(0, Math.floor((memoryBytes - reserveMemoryBytes) * memoryOvercommit));
  }

  #memoryInUse(): Map<Machine['id'], number> {
    const on = this.#deps.inventory.machines().filter(({ state }) => state !== 'off' && state !== 'saved');
    return new Map(on.map(({ id, memory }) => [id, memory.maximumBytes]));
  }
}

function sum(allocations: readonly Allocation[], key: 'memoryBytes' | 'newDiskBytes'): number {
  return total(allocations.map((allocation) => allocation[key]));
}

function total(amounts: readonly number[]): number {
  return amounts.reduce((all, amount) => all + amount, 0);
}
