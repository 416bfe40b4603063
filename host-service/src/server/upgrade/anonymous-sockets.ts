import { LimenError } from '@limen/contract';
import { networkOf } from '../../services/network-of.ts';

/** Sockets on which nobody has signed in yet: cheap to open, so there may be only so many. */
const MAX_PER_NETWORK = 32;
const MAX_IN_ALL = 512;

export class AnonymousSockets {
  readonly #byNetwork = new Map<string, number>();
  #count = 0;

  /** Returns what gives the place back; calling it twice is harmless. Throws `RATE_LIMITED`. */
  enter(address: string): () => void {
    const network = networkOf(address);
    const present = this.#byNetwork.get(network) ?? 0;
    if (present >= MAX_PER_NETWORK || this.#count >= MAX_IN_ALL) {
      throw new LimenError('RATE_LIMITED', { retryAfterSeconds: 30 });
    }
    this.#byNetwork.set(network, present + 1);
    this.#count += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#leave(network);
    };
  }

  #leave(network: string): void {
    this.#count -= 1;
    const rest = (this.#byNetwork.get(network) ?? 0) - 1;
    if (rest > 0) this.#byNetwork.set(network, rest);
    else this.#byNetwork.delete(network);
  }
}
