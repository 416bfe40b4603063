import type { MachineId } from '@limen/contract';

/** One piece of work at a time for each machine, in the order asked for. */
export class MachineLocks {
  readonly #tails = new Map<MachineId, Promise<void>>();
  #turns = 0;

  isBusy(machineId: MachineId): boolean {
    return this.#tails.has(machineId);
  }

  /** Grows whenever some work ends: who finds the same number twice knows that none ended between. */
  get turns(): number {
    return this.#turns;
  }

  async run<T>(machineId: MachineId, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(machineId) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.#tails.set(machineId, tail);
    try {
      return await result;
    } finally {
      this.#turns += 1;
      if (this.#tails.get(machineId) === tail) this.#tails.delete(machineId);
    }
  }
}
