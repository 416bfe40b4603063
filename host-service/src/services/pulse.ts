/** Wakes whoever waits. It carries no value: the woken look at the present state, so nothing queues up. */
export class Pulse {
  readonly #waiters = new Set<() => void>();

  /** Resolves at the next {@link beat}, or as soon as `signal` aborts. */
  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiters.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiters.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  beat(): void {
    for (const wake of this.#waiters) wake();
  }
}
