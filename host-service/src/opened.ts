type Close = () => void | Promise<void>;

/** What has been opened, to be closed in the opposite order. */
export class Opened {
  readonly #closers: Close[] = [];

  add(close: Close): void {
    this.#closers.push(close);
  }

  /** Closes everything, also when something fails to; rejects with the first failure then. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).toReversed()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new Error('not everything could be closed', { cause: failures[0] });
  }
}
