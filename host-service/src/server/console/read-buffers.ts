const SIZE = 256 << 10;

/** Buffers kept for reuse; more exist only while a slow viewer holds them, which back-pressure bounds. */
const KEPT = 4;

/** Below this a copy is cheaper than having a whole buffer wait for a few bytes to be sent. */
const COPY_BELOW = SIZE / 8;

/** Read buffers that go round between the display's socket and the viewer's. */
export class ReadBuffers {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(SIZE);
  }

  give(buffer: Buffer): void {
    if (this.#free.length < KEPT) this.#free.push(buffer);
  }

  /** The bytes read, to be sent, and what to call once they are. */
  wrap(buffer: Buffer, length: number): { bytes: Buffer; done: () => void } {
    if (length >= COPY_BELOW) return { bytes: buffer.subarray(0, length), done: () => this.give(buffer) };
    const bytes = Buffer.from(buffer.subarray(0, length));
    this.give(buffer);
    return { bytes, done: () => {} };
  }
}
