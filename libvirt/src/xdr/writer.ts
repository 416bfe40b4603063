const WORD = 4;
const HIGH = 0x1_0000_0000;

/** Strings longer than this are refused by the daemon. */
export const MAX_STRING_BYTES = 4 * 1024 * 1024;

/** XDR (RFC 4506) encoder over one growing buffer. */
export class XdrWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = 256) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  u32(value: number): void {
    // `reserve` may replace the buffer, so it runs before the buffer is read.
    const at = this.#reserve(WORD);
    this.#buffer.writeUInt32BE(value, at);
  }

  i32(value: number): void {
    const at = this.#reserve(WORD);
    this.#buffer.writeInt32BE(value, at);
  }

  u64(value: number): void {
    assertInteger(value, 0);
    this.#double(value);
  }

  i64(value: number): void {
    assertInteger(value, Number.MIN_SAFE_INTEGER);
    this.#double(value);
  }

  f64(value: number): void {
    const at = this.#reserve(2 * WORD);
    this.#buffer.writeDoubleBE(value, at);
  }

  /** Length-prefixed UTF-8, padded to a multiple of four. */
  string(value: string): void {
    const bytes = Buffer.byteLength(value);
    if (bytes > MAX_STRING_BYTES)
      throw new RangeError(`string of ${bytes} bytes; libvirt takes ${MAX_STRING_BYTES}`);
    this.u32(bytes);
    const at = this.#reserve(padded(bytes));
    this.#buffer.write(value, at, bytes, 'utf8');
    this.#buffer.fill(0, at + bytes, this.#length);
  }

  /** Length-prefixed opaque bytes, padded to a multiple of four. */
  bytes(value: Uint8Array): void {
    this.u32(value.length);
    this.raw(value);
  }

  /** Opaque bytes of a length both sides know, padded to a multiple of four. */
  raw(value: Uint8Array): void {
    const at = this.#reserve(padded(value.length));
    this.#buffer.set(value, at);
    this.#buffer.fill(0, at + value.length, this.#length);
  }

  /** What was written so far; a view, valid until the next write. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Overwrite a word written earlier, for lengths known only at the end. */
  patchU32(at: number, value: number): void {
    this.#buffer.writeUInt32BE(value, at);
  }

  #double(value: number): void {
    const at = this.#reserve(2 * WORD);
    const low = value >>> 0;
    this.#buffer.writeInt32BE((value - low) / HIGH, at);
    this.#buffer.writeUInt32BE(low, at + WORD);
  }

  #reserve(bytes: number): number {
    const at = this.#length;
    const needed = at + bytes;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, at);
      this.#buffer = grown;
    }
    this.#length = needed;
    return at;
  }
}

export function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

function assertInteger(value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum)
    throw new RangeError(`${value} is not a safe 64-bit integer`);
}
