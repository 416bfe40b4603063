import { LimenError } from '@limen/contract';
import type { Lock, Locker } from '@tus/server';
import { Pulse } from '../../../services/pulse.ts';

/** Longer than what is left of a request that was told to stop takes to be written. */
const PATIENCE_MS = 30_000;

interface Holder {
  readonly askToLetGo: () => Promise<void> | void;
  readonly released: Pulse;
}

/**
 * One request at a time for each upload: who comes asks the one before to let go, and sleeps until it has. After a cut
 * the one before is a request whose client nobody has missed yet. (The library's own `MemoryLocker` looks again and
 * again without a pause meanwhile.)
 */
export class UploadLocker implements Locker {
  readonly #holders = new Map<string, Holder>();

  newLock(id: string): Lock {
    return {
      lock: (signal, askToLetGo) => this.#lock(id, signal, askToLetGo),
      unlock: async () => {
        const holder = this.#holders.get(id);
        this.#holders.delete(id);
        holder?.released.beat();
      },
    };
  }

  /** Rejects with `CONFLICT` (`busy`) when the one before does not let go. */
  async #lock(id: string, signal: AbortSignal, askToLetGo: Holder['askToLetGo']): Promise<void> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    for (let holder = this.#holders.get(id); holder !== undefined; holder = this.#holders.get(id)) {
      // Before it is asked: it may be gone at once.
      const released = holder.released.next(patience);
      await holder.askToLetGo();
      await released;
      if (patience.aborted) throw new LimenError('CONFLICT', { reason: 'busy' });
    }
    this.#holders.set(id, { askToLetGo, released: new Pulse() });
  }
}
