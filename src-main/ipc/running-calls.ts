import { LimenError } from '@limen/contract';

/** Calls a page may have under way at once. A page needs a handful. */
const MOST_RUNNING = 256;

/** Calls to hosts that are under way, so that a page can cancel them by the id it chose. */
export class RunningCalls {
  readonly #controllers = new Map<string, AbortController>();

  /** @param windowId whose id it is: one window cannot cancel the calls of another */
  async run<T>(windowId: number, callId: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const key = `${windowId}/${callId}`;
    if (this.#controllers.has(key)) throw new LimenError('CONFLICT', { reason: 'busy' });
    if (this.#controllers.size >= MOST_RUNNING)
      throw new LimenError('RATE_LIMITED', { retryAfterSeconds: 1 });
    const controller = new AbortController();
    this.#controllers.set(key, controller);
    try {
      return await work(controller.signal);
    } finally {
      this.#controllers.delete(key);
    }
  }

  cancel(windowId: number, callId: string): void {
    this.#controllers.get(`${windowId}/${callId}`)?.abort();
  }
}
