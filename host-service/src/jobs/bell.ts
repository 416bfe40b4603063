/** Wakes the one who waits. A ring while nobody does is remembered, and several are one. */
export class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at a ring, when `signal` aborts, or after `ms`. */
  async wait(signal: AbortSignal, ms?: number): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(() => this.#wake?.(), ms);
        this.#wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          this.#wake = null;
          resolve();
        };
        const wake = this.#wake;
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    this.#rung = false;
  }
}
