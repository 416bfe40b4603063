/**
 * Lets something through at once and then at most once in a while, by key; of what comes in between, the last. The
 * last always comes through.
 */
export class Throttle<K, V> {
  readonly #everyMs: number;
  readonly #pass: (key: K, value: V) => void;
  readonly #waiting = new Map<K, { value: V | undefined; held: boolean; timer: NodeJS.Timeout }>();

  constructor(everyMs: number, pass: (key: K, value: V) => void) {
    this.#everyMs = everyMs;
    this.#pass = pass;
  }

  offer(key: K, value: V): void {
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.value = value;
      waiting.held = true;
      return;
    }
    this.#open(key);
    this.#pass(key, value);
  }

  /** What was held back is out of date. */
  forget(key: K): void {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
  }

  close(): void {
    for (const key of this.#waiting.keys()) this.forget(key);
  }

  #open(key: K): void {
    const timer = setTimeout(() => this.#due(key), this.#everyMs).unref();
    this.#waiting.set(key, { value: undefined, held: false, timer });
  }

  #due(key: K): void {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (!waiting?.held) return;
    this.#open(key);
    this.#pass(key, waiting.value as V);
  }
}
