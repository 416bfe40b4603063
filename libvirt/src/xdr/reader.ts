import { ProtocolError } from '../errors/libvirt-error.ts';
import { internString } from './intern.ts';
import { padded } from './writer.ts';

const WORD = 4;
const HIGH = 0x1_0000_0000;

/** XDR (RFC 4506) decoder over one message. Every read is bounds-checked and throws {@link ProtocolError}. */
export class XdrReader {
  readonly #buffer: Buffer;
  #offset: number;

  constructor(buffer: Buffer, offset = 0) {
    this.#buffer = buffer;
    this.#offset = offset;
  }

  get remaining(): number {
    return this.#buffer.length - this.#offset;
  }

  u32(): number {
    return this.#buffer.readUInt32BE(this.#take(WORD));
  }

  i32(): number {
    return this.#buffer.readInt32BE(this.#take(WORD));
  }

  /** Exact to 2^53: beyond that no counter of libvirt's goes (its "unlimited" is 2^53 - 1). */
  u64(): number {
    const at = this.#take(2 * WORD);
    return this.#buffer.readUInt32BE(at) * HIGH + this.#buffer.readUInt32BE(at + WORD);
  }

  i64(): number {
    const at = this.#take(2 * WORD);
    return this.#buffer.readInt32BE(at) * HIGH + this.#buffer.readUInt32BE(at + WORD);
  }

  f64(): number {
    return this.#buffer.readDoubleBE(this.#take(2 * WORD));
  }

  boolean(): boolean {
    return this.i32() !== 0;
  }

  string(): string {
    const { at, length } = this.#takeCounted();
    return this.#buffer.toString('utf8', at, at + length);
  }

  /** As {@link string}, for short names that repeat (statistics fields): the same text is decoded only once. */
  name(): string {
    const { at, length } = this.#takeCounted();
    return internString(this.#buffer, at, length);
  }

  /** A copy, so that keeping it does not keep the whole message. */
  bytes(): Buffer {
    const { at, length } = this.#takeCounted();
    return Buffer.from(this.#buffer.subarray(at, at + length));
  }

  raw(length: number): Buffer {
    const at = this.#take(padded(length));
    return this.#buffer.subarray(at, at + length);
  }

  /** Number of elements of an array; cannot exceed what the message could hold. */
  count(bytesPerElement = WORD): number {
    const count = this.u32();
    if (count * bytesPerElement > this.remaining)
      throw new ProtocolError(`array of ${count} elements does not fit its message`);
    return count;
  }

  /** The message must be used up: leftovers mean that both sides disagree about its layout. */
  end(): void {
    if (this.remaining !== 0)
      throw new ProtocolError(`${this.remaining} unexpected bytes at the end of a message`);
  }

  #takeCounted(): { at: number; length: number } {
    const length = this.u32();
    if (length > this.remaining) throw new ProtocolError(`field of ${length} bytes does not fit its message`);
    return { at: this.#take(padded(length)), length };
  }

  #take(bytes: number): number {
    const at = this.#offset;
    if (bytes < 0 || at + bytes > this.#buffer.length)
      throw new ProtocolError('message ends in the middle of a field');
    this.#offset = at + bytes;
    return at;
  }
}
