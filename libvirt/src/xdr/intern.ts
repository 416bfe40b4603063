const SLOTS = 4096;
const MAX_BYTES = 48;

interface Slot {
  readonly bytes: Buffer;
  readonly text: string;
}

const slots: (Slot | undefined)[] = [];

/**
 * Decode a short UTF-8 field name, remembering the last text per hash slot. Bulk statistics repeat some fifty
 * names per domain; comparing bytes is about twice as fast as decoding them again. Memory is bounded by the
 * number of slots, whatever a peer sends.
 */
export function internString(buffer: Buffer, at: number, length: number): string {
  if (length > MAX_BYTES) return buffer.toString('utf8', at, at + length);
  let hash = length;
  for (let i = 0; i < length; i += 1) hash = (Math.imul(hash, 31) + (buffer[at + i] ?? 0)) | 0;
  const index = hash & (SLOTS - 1);
  const slot = slots[index];
  if (slot !== undefined && holds(slot.bytes, buffer, at, length)) return slot.text;
  const bytes = Buffer.from(buffer.subarray(at, at + length));
  const text = bytes.toString('utf8');
  slots[index] = { bytes, text };
  return text;
}

/** A loop: for so few bytes a call into the runtime costs more than the comparison. */
function holds(bytes: Buffer, buffer: Buffer, at: number, length: number): boolean {
  if (bytes.length !== length) return false;
  for (let i = 0; i < length; i += 1) if (bytes[i] !== buffer[at + i]) return false;
  return true;
}
