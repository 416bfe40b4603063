import { ProtocolError } from '../errors/libvirt-error.ts';
import { MAX_FRAME_BYTES, PAYLOAD_AT } from './message.ts';

const LENGTH_BYTES = 4;

/**
 * Cuts a byte stream into frames. Chunks are kept in a list and joined once per frame, so a large reply costs
 * one copy and many small ones cost none.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Length of the frame being collected; 0 while its first word has not come. */
  #expected = 0;

  /** Frames completed by `chunk`, as views. Throws {@link ProtocolError} on an impossible length. */
  *push(chunk: Buffer): Generator<Buffer, void> {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= (this.#expected || LENGTH_BYTES)) {
      if (this.#expected === 0) this.#expected = frameLength(this.#join());
      if (this.#buffered < this.#expected) return;
      const all = this.#join();
      const rest = all.subarray(this.#expected);
      const frame = all.subarray(0, this.#expected);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#buffered = rest.length;
      this.#expected = 0;
      yield frame;
    }
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks, this.#buffered);
    this.#chunks = [joined];
    return joined;
  }
}

function frameLength(buffer: Buffer): number {
  const length = buffer.readUInt32BE(0);
  if (length < PAYLOAD_AT || length > MAX_FRAME_BYTES)
    throw new ProtocolError(`frame of ${length} bytes announced`);
  return length;
}
