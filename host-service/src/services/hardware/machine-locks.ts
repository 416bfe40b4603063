import type { MachineId } from '@limen/contract';

/** One piece of work at a time for each machine, in the order asked for. */
export class MachineLocks {
  readonly #tails = new Map<MachineId, Promise<void>>();

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
      if (this.#tails.get(machineId) === tail) this.#tails.delete(machineId);
    }
  }
}
