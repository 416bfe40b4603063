import type { NetworkId } from '@limen/contract';
import type { NetworkReading } from '../../ports/networks.ts';

/** Who looked longer ago than this many changes is told only that there were some. */
const KEPT_FOR_EACH = 4;

/** Definitions that were shown lately, so that a conflict can say what changed since. */
export class SeenNetworks {
  readonly #seen = new Map<NetworkId, readonly NetworkReading[]>();

  add(reading: NetworkReading): void {
    const others = this.#seen.get(reading.id)?.filter(({ revision }) => revision !== reading.revision) ?? [];
    this.#seen.set(reading.id, [...others, reading].slice(-KEPT_FOR_EACH));
  }

  find(id: NetworkId, revision: string): NetworkReading | undefined {
    return this.#seen.get(id)?.find((reading) => reading.revision === revision);
  }

  /** Forget all but these. */
  keepOnly(ids: ReadonlySet<NetworkId>): void {
    for (const id of this.#seen.keys()) if (!ids.has(id)) this.#seen.delete(id);
  }
}
