import { LimenError } from '@limen/contract';
import { networkOf } from '../../services/network-of.ts';

/** As many as HTTP's limit allows in a minute, at once, and as many again over each minute. */
const BURST = 600;
const PER_SECOND = 10;

/** Addresses remembered at most; the one forgotten first is the one not heard from for longest. */
const CAPACITY = 10_000;

interface Budget {
  readonly left: number;
  readonly at: number;
}

/**
 * What an address may ask for before anybody has signed in: upgrades, and calls on anonymous sockets. HTTP's own
 * limit does not see these, and each of them costs a log line, an audit entry or a hash. A token bucket each.
 */
export class RequestBudgets {
  readonly #now: () => number;
  /** In order of last use. */
  readonly #budgets = new Map<string, Budget>();

  /** @param now monotonic time in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** False when the address has spent its budget and this request must be refused. */
  spend(address: string): boolean {
    const network = networkOf(address);
    const at = this.#now();
    const before = this.#budgets.get(network) ?? { left: BURST, at };
    const left = Math.min(BURST, before.left + ((at - before.at) / 1000) * PER_SECOND);
    this.#budgets.delete(network);
    this.#budgets.set(network, { left: left < 1 ? left : left - 1, at });
    if (this.#budgets.size > CAPACITY) {
      const [longestUnused] = this.#budgets.keys();
      if (longestUnused !== undefined) this.#budgets.delete(longestUnused);
    }
    return left >= 1;
  }

  /** {@link spend}, throwing `RATE_LIMITED` instead. */
  charge(address: string): void {
    if (!this.spend(address)) {
      throw new LimenError('RATE_LIMITED', { retryAfterSeconds: Math.ceil(1 / PER_SECOND) });
    }
  }
}
