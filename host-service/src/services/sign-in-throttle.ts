import { isIPv6 } from 'node:net';
import { AttemptThrottle } from './attempt-throttle.ts';

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

/** An IPv6 customer has a whole /64 to come from; IPv4 comes in IPv6 clothes on dual-stack sockets. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
