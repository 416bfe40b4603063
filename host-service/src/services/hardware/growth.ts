import type { Machine } from '@limen/contract';
import type { Accounts } from '../../ports/accounts.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Allocation, Reservations } from '../../ports/reservations.ts';
import type { Capacity } from '../lifecycle/capacity.ts';

export interface GrowthDependencies {
  readonly accounts: Pick<Accounts, 'find'>;
  readonly capacity: Capacity;
  readonly reservations: Pick<Reservations, 'grow' | 'settleGrowth' | 'cancelGrowth'>;
  readonly logger: Logger;
}

/** By how much a machine is to take more; what gets less counts when libvirt says so. */
export interface Increase {
  readonly vcpus?: number;
  readonly memory?: { readonly from: number; readonly to: number };
  readonly diskBytes?: number;
}

/** Lets machines take more of their owner's quota and of the host. */
export class Growth {
  readonly #deps: GrowthDependencies;

  constructor(deps: GrowthDependencies) {
    this.#deps = deps;
  }

  /** Do what makes a machine larger, if it may be. Rejects with `QUOTA_EXCEEDED`, or as the work does. */
  async during<T>(machine: Machine, by: Increase, work: () => Promise<T>): Promise<T> {
    const { accounts, capacity, reservations } = this.#deps;
    const { owner } = machine;
    const increase: Allocation = {
      machineId: machine.id,
      name: machine.name,
      userId: owner?.id ?? null,
      vcpus: atLeastNothing(by.vcpus),
      memoryBytes: atLeastNothing(by.memory && by.memory.to - by.memory.from),
      diskBytes: atLeastNothing(by.diskBytes),
      newDiskBytes: atLeastNothing(by.diskBytes),
    };
    if (increase.vcpus + increase.memoryBytes + increase.diskBytes === 0) return work();
    const account = owner === null ? null : await accounts.find(owner.id);
    await reservations.grow({
      increase,
      memoryBytes: by.memory?.to ?? 0,
      capacity: await capacity.forReservation(),
      limited: account !== null && account.role !== 'administrator',
    });
    try {
      const result = await work();
      await this.#quietly(reservations.settleGrowth(machine.id));
      return result;
    } catch (error) {
      await this.#quietly(reservations.cancelGrowth(increase));
      throw error;
    }
  }

  /** What was held back ends by itself, so nothing that was done is taken back for it. */
  async #quietly(end: Promise<void>): Promise<void> {
    await end.catch((error: unknown) => {
      this.#deps.logger.warn({ err: error }, 'could not end a reservation; it runs out by itself');
    });
  }
}

function atLeastNothing(amount: number | undefined): number {
  return Math.max(0, amount ?? 0);
}
