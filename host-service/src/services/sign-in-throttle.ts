import { AttemptThrottle } from './attempt-throttle.ts';
import { networkOf } from './network-of.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** One person mistyping: five tries, then 1, 2, 4 … seconds, five minutes at most. */
const PER_ACCOUNT = {
  free: 5,
  firstDelayMs: SECOND,
  lastDelayMs: 5 * MINUTE,
  forgetAfterMs: 15 * MINUTE,
};
/** One address trying many names; generous, because a whole office may share one. */
const PER_ADDRESS = {
  free: 40,
  firstDelayMs: SECOND,
  lastDelayMs: MINUTE,
  forgetAfterMs: 15 * MINUTE,
};

/** An attempt under way; exactly one of the two is called, or neither when it was a wrong guess. */
export interface Attempt {
  /** The secret was right. */
  succeeded(): void;
  /** It was never judged (the database was away, say). */
  cancelled(): void;
}

/**
 * Slows guessing down per account and address together, so that nobody can lock somebody else out, and per
 * address over all accounts.
 */
export class SignInThrottle {
  readonly #accounts: AttemptThrottle;
  readonly #addresses: AttemptThrottle;

  constructor(now: () => number = () => Date.now()) {
    this.#accounts = new AttemptThrottle(PER_ACCOUNT, now);
    this.#addresses = new AttemptThrottle(PER_ADDRESS, now);
  }

  /** Throws `RATE_LIMITED` with the time to wait; otherwise the attempt counts until told otherwise. */
  begin(account: string, address: string): Attempt {
    const network = networkOf(address);
    const key = `${account}\n${network}`;
    this.#accounts.check(key);
    this.#addresses.check(network);
    this.#accounts.count(key);
    this.#addresses.count(network);
    return {
      succeeded: () => {
        this.#accounts.clear(key);
        // Only this one attempt: an account of one's own must not buy guesses at other people's.
        this.#addresses.refund(network);
      },
      cancelled: () => {
        this.#accounts.refund(key);
        this.#addresses.refund(network);
      },
    };
  }
}
