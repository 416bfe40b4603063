import { LimenError } from '@limen/contract';

/** Runs at most `concurrency` tasks at a time and lets at most `waiting` others wait; refuses the rest. */
export class WorkQueue {
  readonly #concurrency: number;
  readonly #waitingLimit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: { concurrency: number; waiting: number }) {
    this.#concurrency = limits.concurrency;
    this.#waitingLimit = limits.waiting;
  }

  /** Rejects with `RATE_LIMITED` when the queue is full: late answers to everyone help nobody. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#concurrency) {
      if (this.#waiting.length >= this.#waitingLimit) {
        throw new LimenError('RATE_LIMITED', { retryAfterSeconds: 1 });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await task();
    } finally {
      // The place is handed on rather than given back, so that nobody can slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
