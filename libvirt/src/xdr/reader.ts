import { ProtocolError } from '../errors/libvirt-error.ts';
import { internString } from './intern.ts';
import { formatUuid } from './uuid.ts';
import { padded } from './writer.ts';

const WORD = 4;
const UUID_BYTES = 16;
const HIGH = 0x1_0000_0000;

/** XDR (RFC 4506) decoder over one message. Every read is bounds-checked and throws {@link ProtocolError}. */
export class XdrReader {
  readonly #buffer: Buffer;
  /** The same bytes: its getters are compiled to single instructions, those of Buffer are not. */
  readonly #words: DataView;
  #offset: number;

  constructor(buffer: Buffer, offset = 0) {
    this.#buffer = buffer;
    this.#words = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    this.#offset = offset;
  }

  get remaining(): number {
    return this.#buffer.length - this.#offset;
  }

  u32(): number {
    return this.#words.getUint32(this.#take(WORD));
  }

  i32(): number {
    return this.#words.getInt32(this.#take(WORD));
  }

  /** Exact to 2^53: beyond that no counter of libvirt's goes (its "unlimited" is 2^53 - 1). */
  u64(): number {
    const at = this.#take(2 * WORD);
    return this.#words.getUint32(at) * HIGH + this.#words.getUint32(at + WORD);
  }

  i64(): number {
    const at = this.#take(2 * WORD);
    return this.#words.getInt32(at) * HIGH + this.#words.getUint32(at + WORD);
  }

  f64(): number {
    return this.#words.getFloat64(this.#take(2 * WORD));
  }

  boolean(): boolean {
    return this.i32() !== 0;
  }

  string(): string {
    const length = this.#countedLength();
    const at = this.#take(padded(length));
    return decodeText(this.#buffer, at, at + length);
  }

  /** As {@link string}, for short names that repeat (statistics fields): the same text is decoded only once. */
  name(): string {
    const length = this.#countedLength();
    const at = this.#take(padded(length));
    return internString(this.#buffer, at, length);
  }

  /** A copy, so that keeping it does not keep the whole message. */
  bytes(): Buffer {
    const length = this.#countedLength();
    const at = this.#take(padded(length));
    return Buffer.from(this.#buffer.subarray(at, at + length));
  }

  uuid(): string {
    return formatUuid(this.#buffer, this.#take(UUID_BYTES));
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

  #countedLength(): number {
    const length = this.u32();
    if (length > this.remaining) throw new ProtocolError(`field of ${length} bytes does not fit its message`);
    return length;
  }

  #take(bytes: number): number {
    const at = this.#offset;
    if (bytes < 0 || at + bytes > this.#buffer.length)
      throw new ProtocolError('message ends in the middle of a field');
    this.#offset = at + bytes;
    return at;
  }
}

/** Up to here a loop over the bytes is cheaper than the call into the runtime. */
const SHORT_TEXT = 16;
const ASCII_END = 0x80;

/** UTF-8. Names are short and mostly ASCII. */
function decodeText(buffer: Buffer, from: number, to: number): string {
  if (to - from > SHORT_TEXT) return buffer.toString('utf8', from, to);
  let text = '';
  for (let at = from; at < to; at += 1) {
    const byte = buffer[at] ?? ASCII_END;
    if (byte >= ASCII_END) return buffer.toString('utf8', from, to);
    text += String.fromCharCode(byte);
  }
  return text;
}
