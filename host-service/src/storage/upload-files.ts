import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ImageId, imageId, jobId, LimenError, poolId, userId } from '@limen/contract';
import { z } from 'zod';
import type { UploadFiles, UploadRecord } from '../ports/upload-files.ts';
import { discard, fromFileError, isMissing, partialPath, settle, sync } from './files.ts';

const record = z.object({
  id: imageId,
  owner: z.object({ userId, username: z.string() }),
  bytes: z.int().positive(),
  name: z.string(),
  /** Absent in records of an older version. */
  poolId: poolId.nullable().default(null),
  presetId: z.string().nullable(),
  shared: z.boolean(),
  sha256: z.string().nullable(),
  jobId: jobId.nullable(),
}) satisfies z.ZodType<UploadRecord>;

const ENDING = '.json';

/** Uploads in the folder `incoming` of the storage directory, their records in a folder of their own in there. */
export function createUploadFiles(storageDirectory: string): UploadFiles {
  return new UploadFolder(join(storageDirectory, 'incoming'));
}

class UploadFolder implements UploadFiles {
  readonly #files: string;
  readonly #records: string;

  constructor(directory: string) {
    this.#files = directory;
    this.#records = join(directory, 'uploads');
  }

  async prepare(): Promise<void> {
    try {
      await mkdir(this.#records, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new LimenError('UNSUPPORTED', { feature: `storage in ${this.#files}`, packages: [] }, { cause });
    }
  }

  pathOf(id: ImageId): string {
    return join(this.#files, id);
  }

  async records(): Promise<UploadRecord[]> {
    const names = await readdir(this.#records).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const read = await Promise.all(names.map((name) => this.#read(name)));
    return read.filter((found) => found !== null);
  }

  async save(changed: UploadRecord): Promise<void> {
    const path = this.#recordOf(changed.id);
    try {
      await writeFile(partialPath(path), JSON.stringify(changed), { mode: 0o600 });
      await settle(path);
    } catch (error) {
      await rm(partialPath(path), { force: true });
      throw fromFileError(error, this.#files);
    }
  }

  async create(id: ImageId): Promise<void> {
    try {
      await writeFile(this.pathOf(id), '', { mode: 0o600, flag: 'wx' });
    } catch (error) {
      throw fromFileError(error, this.#files);
    }
  }

  async append(id: ImageId, offset: number, source: AsyncIterable<Uint8Array>): Promise<number> {
    const writer = createWriteStream(this.pathOf(id), { flags: 'r+', start: offset });
    try {
      await pipeline(source, writer);
    } catch (error) {
      throw fromFileError(error, this.#files);
    } finally {
      // A write that was under way must not land after somebody was told how long the file is.
      if (!writer.closed) await once(writer, 'close');
    }
    return writer.bytesWritten;
  }

  sync(id: ImageId): Promise<void> {
    return sync(this.pathOf(id));
  }

  async receivedBytes(id: ImageId): Promise<number | null> {
    const found = await statOrNull(this.pathOf(id));
    return found === null ? null : found.size;
  }

  async changedAt(id: ImageId): Promise<Date | null> {
    const found = await Promise.all([statOrNull(this.pathOf(id)), statOrNull(this.#recordOf(id))]);
    const times = found.flatMap((one) => (one === null ? [] : one.mtimeMs));
    return times.length === 0 ? null : new Date(Math.max(...times));
  }

  async freeBytes(): Promise<number> {
    const { bsize, bavail } = await statfs(this.#files);
    return bavail * bsize;
  }

  removeFile(id: ImageId): Promise<void> {
    return rm(this.pathOf(id), { force: true });
  }

  removeRecord(id: ImageId): Promise<void> {
    return discard(this.#recordOf(id));
  }

  #recordOf(id: ImageId): string {
    return join(this.#records, `${id}${ENDING}`);
  }

  /** Null for what the process died writing, and for what is no record of ours: its file is nobody's. */
  async #read(name: string): Promise<UploadRecord | null> {
    const path = join(this.#records, name);
    const id = imageId.safeParse(basename(name, ENDING));
    const found = record.safeParse(parseJson(await readFile(path, 'utf8')));
    if (found.success && id.success && id.data === found.data.id) return found.data;
    await rm(path, { force: true });
    if (id.success) await this.removeFile(id.data);
    return null;
  }
}

async function statOrNull(path: string): Promise<{ size: number; mtimeMs: number } | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
