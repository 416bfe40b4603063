const WINDOW_MS = 5_000;
/** Over less time than this a rate says more of buffers than of the network. */
const LEAST_SPAN_MS = 1_000;

/** How fast bytes move, over the last five seconds. */
export class TransferRate {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  /**
   * @param bytes done so far, in all
   * @param now in ms, on any clock that does not jump
   */
  add(bytes: number, now: number): void {
    const last = this.#samples.at(-1);
    // Less than before: the host did not have everything that had left here.
    if (last !== undefined && bytes < last.bytes) this.#samples = [];
    this.#samples = [...this.#samples.filter((sample) => now - sample.at <= WINDOW_MS), { at: now, bytes }];
  }

  /** Bytes a second; null until it can be told. */
  get bytesPerSecond(): number | null {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < LEAST_SPAN_MS) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }

  /** @param remaining bytes that are still to be moved */
  secondsFor(remaining: number): number | null {
    const rate = this.bytesPerSecond;
    return rate === null || rate === 0 ? null : Math.ceil(remaining / rate);
  }
}
