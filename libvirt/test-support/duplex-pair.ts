import { Duplex } from 'node:stream';

/** One end of an in-memory socket: what is written to it is read at the other end, with back-pressure. */
class PairEnd extends Duplex {
  other: PairEnd | null = null;
  #acknowledge: (() => void) | null = null;

  override _read(): void {
    const acknowledge = this.#acknowledge;
    this.#acknowledge = null;
    acknowledge?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.other?.receive(chunk, done);
  }

  override _final(done: () => void): void {
    this.other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    if (other !== null && !other.destroyed) queueMicrotask(() => other.destroy());
    done(error);
  }

  receive(chunk: Buffer, done: () => void): void {
    // Copied, as a real socket does: both sides may keep their buffers.
    if (this.destroyed || this.push(Buffer.from(chunk))) queueMicrotask(done);
    else this.#acknowledge = done;
  }
}

/** Two connected duplexes. Destroying one destroys the other. */
export function duplexPair(): [Duplex, Duplex] {
  const [left, right] = [new PairEnd(), new PairEnd()];
  left.other = right;
  right.other = left;
  return [left, right];
}
