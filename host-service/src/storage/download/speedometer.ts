const MIB = 2 ** 20;
const SECOND = 1000;

/** How fast bytes arrive, told now and then as a sentence. */
export class Speedometer {
  readonly #everyMs: number;
  readonly #startedAt = performance.now();
  #got = 0;
  #toldAt = this.#startedAt;
  #gotWhenTold = 0;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** More arrived. A sentence when it is time for one: of the whole file, `doneBytes` of `totalBytes` are there. */
  add(bytes: number, doneBytes: number, totalBytes: number | null): string | null {
    this.#got += bytes;
    const now = performance.now();
    const elapsed = now - this.#toldAt;
    if (elapsed < this.#everyMs) return null;
    const speed = rate(this.#got - this.#gotWhenTold, elapsed);
    this.#toldAt = now;
    this.#gotWhenTold = this.#got;
    const of = totalBytes === null ? '' : ` of ${size(totalBytes)}`;
    return `${size(doneBytes)}${of}, ${speed}`;
  }

  /** What arrived since the beginning, and how fast on average. */
  summary(): string {
    return `${size(this.#got)} at ${rate(this.#got, performance.now() - this.#startedAt)}`;
  }
}

export function size(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function rate(bytes: number, ms: number): string {
  return `${size((bytes * SECOND) / Math.max(1, ms))}/s`;
}
