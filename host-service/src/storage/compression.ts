import { type FileHandle, open, readFile, rename, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ErrorData, LimenError } from '@limen/contract';
import type { Compression, FileWork } from '../ports/received-files.ts';
import { ProgramFailure, runProgram } from './child-process.ts';
import { sync } from './files.ts';
import { readHead } from './head.ts';

export interface UnpackingRules {
  /** Of what comes out, in bytes: a small file can hold any amount. */
  readonly maxVirtualBytes: number;
  /** To be left free, in bytes. */
  readonly reserveDiskBytes: number;
}

interface Unpacker {
  readonly magic: Buffer;
  readonly program: { readonly name: string; readonly package: string };
  readonly options: readonly string[];
}

/** By the signatures of RFC 1952, the .xz format 1.2, bzip2 and RFC 8878. xz and zstd leave holes where zeros are. */
const unpackers: Readonly<Record<Compression, Unpacker>> = {
  gzip: { magic: Buffer.of(0x1f, 0x8b, 0x08), program: { name: 'gzip', package: 'gzip' }, options: [] },
  xz: {
    magic: Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00),
    program: { name: 'xz', package: 'xz-utils' },
    options: [],
  },
  bzip2: { magic: Buffer.from('BZh'), program: { name: 'bzip2', package: 'bzip2' }, options: [] },
  zstd: {
    magic: Buffer.of(0x28, 0xb5, 0x2f, 0xfd),
    program: { name: 'zstd', package: 'zstd' },
    options: ['--sparse', '--quiet'],
  },
};

/** Archives people get images in, and that nothing here opens. */
const archives: readonly (readonly [name: string, magic: Buffer])[] = [
  ['7-Zip', Buffer.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)],
  ['ZIP', Buffer.of(0x50, 0x4b, 0x03, 0x04)],
  ['RAR', Buffer.from('Rar!\u001a\u0007', 'latin1')],
];

const LONGEST_MAGIC = 6;
/** What the widest window that zstd and xz accept by themselves takes, and then some. */
const MEMORY_BYTES = 512 * 2 ** 20;
const LOOK_EVERY_MS = 250;

/** How a file is compressed, by its content; null: it is not. Rejects with `UNSUITABLE_IMAGE` for other archives. */
export async function compressionOf(path: string): Promise<Compression | null> {
  const head = await readHead(path, LONGEST_MAGIC);
  const begins = (magic: Buffer): boolean => head.subarray(0, magic.length).equals(magic);
  const archive = archives.find(([, magic]) => begins(magic));
  if (archive)
    throw unsuitable('unknown-format', `it is a ${archive[0]} archive: unpack it, and add the disk in it`);
  const kinds = Object.keys(unpackers) as Compression[];
  return kinds.find((kind) => begins(unpackers[kind].magic)) ?? null;
}

/** Where it is unpacked to, before it takes the place of the compressed file. */
export function unpackedPath(path: string): string {
  return `${path}.unpacked`;
}

/**
 * Put what a compressed file holds in its place; nothing to do when that has been done. Rejects with `UNSUITABLE_IMAGE`
 * (`too-large`, `damaged`), `STORAGE_FULL` before the reserve of the disk is touched, `UNSUPPORTED` where the tool is
 * missing, and `CANCELLED`.
 */
export async function unpack(
  path: string,
  compression: Compression,
  rules: UnpackingRules,
  { signal, onProgress }: FileWork = {},
): Promise<void> {
  if ((await compressionOf(path)) !== compression) return;
  const to = unpackedPath(path);
  const { size: total } = await stat(path);
  const input = await open(path, 'r');
  const output = await open(to, 'w', 0o600);
  const full = new AbortController();
  const look = async (): Promise<void> => {
    onProgress?.(await positionOf(input), total);
    const { bavail, bsize } = await statfs(dirname(path));
    if (bavail * bsize < rules.reserveDiskBytes) full.abort(new LimenError('STORAGE_FULL', { path }));
  };
  const timer = setInterval(() => void look().catch((error: unknown) => full.abort(error)), LOOK_EVERY_MS);
  try {
    await look();
    full.signal.throwIfAborted();
    const { program, options } = unpackers[compression];
    await runProgram(program, ['--decompress', '--stdout', ...options], {
      signal: signal ? AbortSignal.any([signal, full.signal]) : full.signal,
      limits: { memoryBytes: MEMORY_BYTES, fileBytes: rules.maxVirtualBytes },
      files: { input: input.fd, output: output.fd },
    });
    onProgress?.(total, total);
  } catch (error) {
    if (!isWarning(error, compression)) throw explain(error, path, rules);
  } finally {
    clearInterval(timer);
    await input.close();
    await output.close();
  }
  await sync(to);
  await rename(to, path);
}

/** The program reads by the same open file as this process has, so that both are at the same place in it. */
async function positionOf({ fd }: FileHandle): Promise<number> {
  const info = await readFile(`/proc/self/fdinfo/${fd}`, 'utf8');
  return Number(/^pos:\s*(\d+)$/m.exec(info)?.[1] ?? 0);
}

/** gzip's status when there is something behind the compressed data, such as the signatures of router images. */
function isWarning(error: unknown, compression: Compression): boolean {
  return compression === 'gzip' && error instanceof ProgramFailure && error.status === 2;
}

function explain(error: unknown, path: string, { maxVirtualBytes }: UnpackingRules): unknown {
  if (!(error instanceof ProgramFailure)) return error;
  // The limit on what it writes: a file's length says less, for the holes.
  if (error.signal === 'SIGXFSZ') {
    return unsuitable('too-large', `unpacked it has more than ${maxVirtualBytes} bytes`);
  }
  // glibc's words for ENOSPC, in the C locale.
  if (error.detail.includes('No space left on device')) return new LimenError('STORAGE_FULL', { path });
  return unsuitable('damaged', error.detail);
}

function unsuitable(reason: ErrorData<'UNSUITABLE_IMAGE'>['reason'], detail: string): LimenError {
  return new LimenError('UNSUITABLE_IMAGE', { reason, detail });
}
