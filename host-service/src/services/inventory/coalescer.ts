/**
 * Runs `work` for a key at once, and while it runs remembers at most one more run for that key: however many
 * changes arrive, the last run began after the last of them. At most `concurrency` keys run together.
 */
export class Coalescer<K, V> {
  readonly #work: (key: K) => Promise<V>;
  readonly #concurrency: number;
  readonly #running = new Map<K, Promise<V>>();
  readonly #pending = new Map<K, Promise<V>>();
  readonly #queue: (() => void)[] = [];
  #active = 0;

  constructor(work: (key: K) => Promise<V>, concurrency: number) {
    this.#work = work;
    this.#concurrency = concurrency;
  }

  /** The result of a run that begins after this call. */
  run(key: K): Promise<V> {
    const waiting = this.#pending.get(key);
    if (waiting) return waiting;
    const current = this.#running.get(key);
    if (!current) return this.#begin(key);
    const next = current.then(
      () => this.#promote(key),
      () => this.#promote(key),
    );
    this.#pending.set(key, next);
    return next;
  }

  #promote(key: K): Promise<V> {
    this.#pending.delete(key);
    return this.#begin(key);
  }

  #begin(key: K): Promise<V> {
    const run = this.#admit()
      .then(() => this.#work(key))
      .finally(() => {
        this.#running.delete(key);
        this.#release();
      });
    this.#running.set(key, run);
    return run;
  }

  async #admit(): Promise<void> {
    if (this.#active < this.#concurrency) {
      this.#active += 1;
      return;
    }
    // The slot is handed over by the one who leaves, so `#active` does not change.
    await new Promise<void>((resolve) => {
      this.#queue.push(resolve);
    });
  }

  #release(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#active -= 1;
  }
}
