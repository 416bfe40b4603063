import { readHead } from './head.ts';

/** What a qcow2 header says (docs/interop/qcow2.txt of QEMU); all of it before anything it names is touched. */
export interface Qcow2Header {
  readonly virtualBytes: number;
  readonly backingFile: string | null;
  /** Format of the backing file; null when the header does not say, as old tools left it. */
  readonly backingFormat: string | null;
  readonly externalData: boolean;
  readonly encrypted: boolean;
}

export const QCOW2_MAGIC = 0x51_46_49_fb;
const BACKING_FORMAT_EXTENSION = 0xe2_79_2a_ca;
const EXTERNAL_DATA_EXTENSION = 0x44_41_54_41;
const EXTERNAL_DATA_BIT = 1n << 2n;
/** QEMU refuses longer names too. */
const LONGEST_BACKING_NAME = 1023;
/** The header, its extensions and the backing file's name lie in the first cluster, of at most this. */
const LARGEST_CLUSTER = 2 << 20;
const V2_HEADER_BYTES = 72;

/** Null when it is no qcow2 (of version 2 or 3), or what it says cannot be. */
export async function readQcow2Header(path: string, position = 0): Promise<Qcow2Header | null> {
  return parseQcow2Header(await readHead(path, LARGEST_CLUSTER, position));
}

export function parseQcow2Header(head: Buffer): Qcow2Header | null {
  if (head.length < V2_HEADER_BYTES || head.readUInt32BE(0) !== QCOW2_MAGIC) return null;
  const version = head.readUInt32BE(4);
  if (version !== 2 && version !== 3) return null;
  if (version === 3 && head.length < 104) return null;
  const features = version === 3 ? head.readBigUInt64BE(72) : 0n;
  const extensions = readExtensions(head, version === 3 ? head.readUInt32BE(100) : V2_HEADER_BYTES);
  const backing = readBackingFile(head);
  if (backing === undefined || extensions === null) return null;
  return {
    virtualBytes: Number(head.readBigUInt64BE(24)),
    backingFile: backing,
    backingFormat: extensions.get(BACKING_FORMAT_EXTENSION)?.toString('utf8') ?? null,
    externalData: (features & EXTERNAL_DATA_BIT) !== 0n || extensions.has(EXTERNAL_DATA_EXTENSION),
    encrypted: head.readUInt32BE(32) !== 0,
  };
}

/** Undefined when the header points outside of itself. */
function readBackingFile(head: Buffer): string | null | undefined {
  const offset = Number(head.readBigUInt64BE(8));
  const length = head.readUInt32BE(16);
  if (offset === 0) return null;
  if (length > LONGEST_BACKING_NAME || offset + length > head.length) return undefined;
  return head.toString('utf8', offset, offset + length);
}

/** Header extensions by type; null when they run over the end. */
function readExtensions(head: Buffer, start: number): Map<number, Buffer> | null {
  const extensions = new Map<number, Buffer>();
  for (let at = start; at + 8 <= head.length; ) {
    const type = head.readUInt32BE(at);
    const length = head.readUInt32BE(at + 4);
    if (type === 0) return extensions;
    if (at + 8 + length > head.length) return null;
    extensions.set(type, head.subarray(at + 8, at + 8 + length));
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return extensions;
}
