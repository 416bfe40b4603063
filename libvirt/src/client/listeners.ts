/** A set of functions to be told about something. */
export class Listeners<A extends readonly unknown[]> {
  readonly #listeners = new Set<{ readonly call: (...args: A) => void }>();

  get size(): number {
    return this.#listeners.size;
  }

  /** Returns the function that removes it. The same function may be added twice. */
  add(listener: (...args: A) => void): () => void {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  emit(...args: A): void {
    for (const { call } of this.#listeners) call(...args);
  }
}
