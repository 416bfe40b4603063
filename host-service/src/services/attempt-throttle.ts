import { LimenError } from '@limen/contract';

export interface ThrottlePolicy {
  /** Attempts that cost nothing. */
  readonly free: number;
  /** Wait after the last free attempt; doubles with every further one. */
  readonly firstDelayMs: number;
  readonly lastDelayMs: number;
  /** A key without attempts for this long starts afresh. */
  readonly forgetAfterMs: number;
}

/** Keys remembered at most; an attacker who makes up names must not fill the memory. */
const CAPACITY = 10_000;

interface Attempts {
  attempts: number;
  blockedUntil: number;
  lastAt: number;
}

/**
 * Makes guessing slow: attempts are counted when they begin, so that a hundred at once are no way around it, and
 * taken back when they turn out well.
 */
export class AttemptThrottle {
  readonly #policy: ThrottlePolicy;
  readonly #now: () => number;
  /** In order of last use: the first is the one to forget when it is full. */
  readonly #records = new Map<string, Attempts>();

  constructor(policy: ThrottlePolicy, now: () => number = () => Date.now()) {
    this.#policy = policy;
    this.#now = now;
  }

  /** Throws `RATE_LIMITED` while the key is blocked. */
  check(key: string): void {
    const waitMs = (this.#current(key)?.blockedUntil ?? 0) - this.#now();
    if (waitMs > 0)
      throw new LimenError('RATE_LIMITED', {
        retryAfterSeconds: Math.ceil(waitMs / 1000),
      });
  }

  /** Count an attempt that begins now. */
  count(key: string): void {
    const now = this.#now();
    const attempts = (this.#current(key)?.attempts ?? 0) + 1;
    const { free, firstDelayMs, lastDelayMs } = this.#policy;
    const delayMs = attempts < free ? 0 : Math.min(firstDelayMs * 2 ** (attempts - free), lastDelayMs);
    this.#records.delete(key);
    this.#records.set(key, {
      attempts,
      blockedUntil: now + delayMs,
      lastAt: now,
    });
    if (this.#records.size > CAPACITY) {
      const [oldest] = this.#records.keys();
      if (oldest !== undefined) this.#records.delete(oldest);
    }
  }

  /** Take one attempt back: it was no guess. */
  refund(key: string): void {
    const record = this.#current(key);
    if (record === undefined) return;
    record.attempts -= 1;
    if (record.attempts < this.#policy.free) record.blockedUntil = 0;
    if (record.attempts <= 0) this.#records.delete(key);
  }

  clear(key: string): void {
    this.#records.delete(key);
  }

  #current(key: string): Attempts | undefined {
    const record = this.#records.get(key);
    if (record === undefined) return undefined;
    if (this.#now() < Math.max(record.blockedUntil, record.lastAt + this.#policy.forgetAfterMs))
      return record;
    this.#records.delete(key);
    return undefined;
  }
}
