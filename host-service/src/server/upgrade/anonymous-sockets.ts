import { LimenError } from '@limen/contract';

/** Sockets on which nobody has signed in yet: cheap to open, so there may be only so many. */
const MAX_PER_ADDRESS = 32;
const MAX_IN_ALL = 512;

export class AnonymousSockets {
  readonly #byAddress = new Map<string, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Returns what gives the place back; calling it twice is harmless. Throws `RATE_LIMITED`. */
  enter(address: string): () => void {
    const present = this.#byAddress.get(address) ?? 0;
    if (present >= MAX_PER_ADDRESS || this.#count >= MAX_IN_ALL) {
      throw new LimenError('RATE_LIMITED', { retryAfterSeconds: 30 });
    }
    this.#byAddress.set(address, present + 1);
    this.#count += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#leave(address);
    };
  }

  #leave(address: string): void {
    this.#count -= 1;
    const rest = (this.#byAddress.get(address) ?? 0) - 1;
    if (rest > 0) this.#byAddress.set(address, rest);
    else this.#byAddress.delete(address);
  }
}
