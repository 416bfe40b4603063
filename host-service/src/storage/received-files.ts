import { chmod, copyFile, mkdir, rename, stat, statfs } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { type ImageId, LimenError } from '@limen/contract';
import type { DiskFormat, DiskTool } from '../ports/disk-tool.ts';
import type {
  Compression,
  Digest,
  DigestAlgorithm,
  FileWork,
  ReceivedFiles,
  ReceivedImage,
} from '../ports/received-files.ts';
import { compressionOf, unpack, unpackedPath } from './compression.ts';
import { digestFile } from './digest.ts';
import { discard, fromFileError, partialPath, settle } from './files.ts';
import { inspectReceived } from './inspect.ts';

export interface ReceivedFilesOptions {
  /** The store: everything below it is LIMEN's own. */
  readonly directory: string;
  readonly maxVirtualBytes: number;
  /** To be left free, in bytes. */
  readonly reserveDiskBytes: number;
  readonly disks: DiskTool;
}

/** QEMU runs as another user, and only reads what machines share. */
const IMAGE_MODE = 0o644;
const LONGEST_SLUG = 40;
/** `st_blocks` counts these, whatever the file system's own are (POSIX, sys/stat.h). */
const BLOCK_BYTES = 512;

export function createReceivedFiles(options: ReceivedFilesOptions): ReceivedFiles {
  return new IncomingFolder(options);
}

class IncomingFolder implements ReceivedFiles {
  readonly directory: string;
  readonly #options: ReceivedFilesOptions;
  readonly #images: string;

  constructor(options: ReceivedFilesOptions) {
    this.#options = options;
    this.directory = join(options.directory, 'incoming');
    this.#images = join(options.directory, 'images');
  }

  pathOf(imageId: ImageId): string {
    return join(this.directory, imageId);
  }

  placeOf(imageId: ImageId, name: string, { kind, format }: Parameters<ReceivedFiles['placeOf']>[2]): string {
    const ending = format === 'qcow2' ? 'qcow2' : kind === 'iso' ? 'iso' : 'img';
    return join(this.#images, `${slugOf(name)}-${imageId.slice(0, 8)}.${ending}`);
  }

  size(path: string): Promise<number | null> {
    return sizeOf(path);
  }

  digest(path: string, algorithms: readonly DigestAlgorithm[], work?: FileWork): Promise<Digest[]> {
    return digestFile(path, algorithms, work);
  }

  compressionOf(path: string): Promise<Compression | null> {
    return compressionOf(path);
  }

  unpack(path: string, compression: Compression, work?: FileWork): Promise<void> {
    return unpack(path, compression, this.#options, work);
  }

  removeUnpacked(path: string): Promise<void> {
    return this.remove(unpackedPath(path));
  }

  inspect(path: string): Promise<ReceivedImage> {
    return inspectReceived(path, this.#options);
  }

  async convert(
    { path, image }: { path: string; image: ReceivedImage },
    to: string,
    { signal, onProgress, format: wanted = 'qcow2' }: FileWork & { readonly format?: DiskFormat } = {},
  ): Promise<void> {
    if ((await sizeOf(to)) !== null) return;
    const { disks, reserveDiskBytes } = this.#options;
    const { format, part } = image;
    const source = { path, format, part };
    const stop = signal === undefined ? {} : { signal };
    const needed = await disks.measure(source, stop);
    const { bavail, bsize } = await statfs(this.directory);
    if (bavail * bsize - reserveDiskBytes < needed) throw new LimenError('STORAGE_FULL', { path: to });
    const total = part?.bytes ?? (await this.actualBytes(path));
    const report = (fraction: number): void => onProgress?.(fraction * total, total);
    await disks.convert(source, { path: to, format: wanted }, { ...stop, onProgress: report });
  }

  async place(from: string, to: string): Promise<void> {
    if ((await sizeOf(to)) !== null) return;
    const partial = partialPath(to);
    try {
      await mkdir(this.#images, { recursive: true, mode: 0o711 });
      // Begun before and moved already, there is only the rest to do.
      if ((await sizeOf(from)) !== null) await move(from, partial);
      await chmod(partial, IMAGE_MODE);
      await settle(to);
    } catch (error) {
      throw fromFileError(error, to);
    }
  }

  async actualBytes(path: string): Promise<number> {
    return (await stat(path)).blocks * BLOCK_BYTES;
  }

  async remove(path: string): Promise<void> {
    const store = `${resolve(this.#options.directory)}${sep}`;
    if (!resolve(path).startsWith(store)) {
      throw new LimenError('INTERNAL', {}, { message: `${path} is not in the store` });
    }
    await discard(path);
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The two folders may be mounts of their own; the copy is then begun again whenever it was cut short. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyFile(from, to);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Readable, and nothing but a name whatever people called it. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_SLUG)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? 'image' : slug;
}
