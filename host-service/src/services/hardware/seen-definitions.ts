import type { MachineId } from '@limen/contract';
import type { HardwareReading } from '../../ports/machine-hardware.ts';

/** Somebody who looked longer ago than this many changes is told only that there were some. */
const KEPT_FOR_EACH = 4;
const KEPT_MACHINES = 256;

/** Definitions that were shown lately, so that a conflict can say what changed since. Bounded. */
export class SeenDefinitions {
  readonly #seen = new Map<MachineId, HardwareReading[]>();

  /** The last one before this; undefined when this is the first, or no news. */
  add(machineId: MachineId, reading: HardwareReading): HardwareReading | undefined {
    const known = this.#seen.get(machineId) ?? [];
    const last = known.at(-1);
    // Set anew, so that the machine nobody looked at for the longest time is the first.
    this.#seen.delete(machineId);
    const others = known.filter(({ revision }) => revision !== reading.revision);
    this.#seen.set(machineId, [...others, reading].slice(-KEPT_FOR_EACH));
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= KEPT_MACHINES) break;
      this.#seen.delete(oldest);
    }
    return last?.revision === reading.revision ? undefined : last;
  }

  find(machineId: MachineId, revision: string): HardwareReading | undefined {
    return this.#seen.get(machineId)?.find((reading) => reading.revision === revision);
  }
}
