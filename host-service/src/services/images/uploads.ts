import { type ImageId, type JobId, LimenError, storageName, uploadMetadata } from '@limen/contract';
import type { Jobs } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Presets } from '../../ports/presets.ts';
import type { Principal } from '../../ports/principal.ts';
import type { UploadFiles, UploadRecord } from '../../ports/upload-files.ts';
import { UploadBook } from './upload-book.ts';
import { asPrincipal, UploadHandOver } from './upload-hand-over.ts';

export interface UploadsDependencies {
  readonly files: UploadFiles;
  readonly jobs: Pick<Jobs, 'enqueue' | 'list' | 'cancel'>;
  readonly presets: Pick<Presets, 'get' | 'suggest'>;
  readonly rules: { readonly maxImageBytes: number; readonly reserveDiskBytes: number };
  readonly logger: Logger;
}

/** What a client says of a file before it sends it. */
export interface UploadWish {
  readonly id: ImageId;
  /** Of the whole file; undefined when it does not say. */
  readonly bytes: number | undefined;
  /** As it came, to be checked. */
  readonly metadata: unknown;
}

/** More than a desktop has under way or paused, and few enough that nobody fills the folder with empty ones. */
const UNFINISHED_PER_USER = 32;

/** How much is written between two looks at how full the disk is. */
const LOOK_EVERY_BYTES = 64 << 20;

/**
 * Files that people send: who may begin one, go on with it or give it up, and how it comes to the job that makes an
 * image of it. What is unfinished is kept over restarts; it is no image, and never becomes one half.
 */
export class Uploads {
  readonly #deps: UploadsDependencies;
  readonly #book: UploadBook;
  readonly #handOver: UploadHandOver;
  /** One beginning at a time: two must not both count on the same room. */
  #beginning: Promise<unknown> = Promise.resolve();

  constructor(deps: UploadsDependencies) {
    this.#deps = deps;
    this.#book = new UploadBook(deps.files);
    this.#handOver = new UploadHandOver({ ...deps, book: this.#book });
  }

  /** Take up what an earlier life of the service left. */
  start(): void {
    void this.#handOverComplete();
  }

  /** Unfinished ones, as far as they are known. */
  countUnfinished(): number {
    return this.#book.known.filter(({ jobId }) => jobId === null).length;
  }

  /**
   * Rejects with `INVALID_INPUT`, `NOT_FOUND` (preset), `UNSUITABLE_IMAGE` (`too-large`, `unknown-format` for an empty
   * file), `STORAGE_FULL`, `RATE_LIMITED` (too many unfinished ones), `UNSUPPORTED` (no place to put it).
   */
  async begin(principal: Principal, wish: UploadWish): Promise<UploadRecord> {
    const record = this.#check(principal, wish);
    const turn = this.#beginning.then(() => this.#begin(record));
    this.#beginning = turn.catch(() => undefined);
    await turn;
    return record;
  }

  /** Rejects with `NOT_FOUND`, also for another's. */
  async find(principal: Principal, id: string): Promise<UploadRecord> {
    const record = await this.#book.get(id);
    if (record?.owner.userId !== principal.userId) throw notFound(id);
    return record;
  }

  /** How long it is to be, and how much of it is here. Rejects with `NOT_FOUND`. */
  async progress(id: string): Promise<{ readonly bytes: number; readonly received: number }> {
    const record = await this.#known(id);
    const { bytes } = record;
    // The file may be the image already, or refused and gone: either way every byte was here.
    if (record.jobId !== null) return { bytes, received: bytes };
    const received = await this.#deps.files.receivedBytes(record.id);
    if (received === null) throw notFound(id);
    return { bytes, received };
  }

  /**
   * Write what comes, from `offset` on. Resolves to how much is here then. Rejects with `STORAGE_FULL` when the reserve
   * of the disk is touched, and keeps what it has; when the disk is really full it gives up the upload, for whatever
   * else writes to that disk stands still as well.
   */
  async receive(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<number> {
    const record = await this.#known(id);
    const reserve = { touched: false };
    try {
      return (
        offset + (await this.#deps.files.append(record.id, offset, this.#watched(record, source, reserve)))
      );
    } catch (error) {
      if (LimenError.is(error, 'STORAGE_FULL') && !reserve.touched) await this.#forget(id);
      throw error;
    }
  }

  /**
   * Have a job make an image of it, once. Null while bytes are missing. Rejects with `DATABASE_UNAVAILABLE`, and may be
   * asked again later; a start of the service and {@link prune} ask too.
   */
  async handOver(id: string): Promise<JobId | null> {
    const record = await this.#known(id);
    if (record.jobId !== null) return record.jobId;
    const received = await this.#deps.files.receivedBytes(record.id);
    if (received === record.bytes) return this.#handOver.give(record);
    if (received !== null) return null;
    // Its job may have made an image of it before the record could tell of it.
    const jobId = await this.#handOver.jobOf(record);
    if (jobId !== null) return this.#handOver.give(record);
    await this.#forget(id);
    throw notFound(id);
  }

  /** Give it up: what came of it is removed, a job that works on it undone. An image it became stays. */
  async cancel(id: string): Promise<void> {
    await this.#handOver.settled(id);
    const { owner, jobId } = await this.#known(id);
    await this.#forget(id);
    if (jobId !== null) await this.#deps.jobs.cancel(asPrincipal(owner), jobId);
  }

  /** Forget what nothing has come of since; resolves to how many that were. */
  async prune(before: Date): Promise<number> {
    await this.#handOverComplete();
    let removed = 0;
    for (const { id } of await this.#book.all()) {
      const changedAt = await this.#deps.files.changedAt(id);
      if (changedAt !== null && changedAt >= before) continue;
      await this.#forget(id);
      removed += 1;
    }
    return removed;
  }

  #check({ userId, username, role }: Principal, { id, bytes, metadata }: UploadWish): UploadRecord {
    const { presets, rules } = this.#deps;
    const parsed = uploadMetadata.safeParse(metadata);
    if (!parsed.success) {
      const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message }));
      throw new LimenError('INVALID_INPUT', { issues });
    }
    const { filename, name, presetId, poolId = null, shared, sha256 = null } = parsed.data;
    if (poolId !== null) requireVolume(role, name);
    const preset =
      presetId === undefined ? (presets.suggest(filename) ?? presets.suggest(name)) : presets.get(presetId);
    if (bytes === undefined) {
      const issue = { path: ['Upload-Length'], message: 'must be said in advance' };
      throw new LimenError('INVALID_INPUT', { issues: [issue] });
    }
    if (bytes === 0) {
      throw new LimenError('UNSUITABLE_IMAGE', { reason: 'unknown-format', detail: 'the file is empty' });
    }
    if (bytes > rules.maxImageBytes) {
      const detail = `it has ${bytes} bytes, of at most ${rules.maxImageBytes}`;
      throw new LimenError('UNSUITABLE_IMAGE', { reason: 'too-large', detail });
    }
    return {
      id,
      owner: { userId, username },
      bytes,
      name,
      poolId,
      presetId: preset?.id ?? null,
      shared: shared === 'true',
      sha256,
      jobId: null,
    };
  }

  async #begin(record: UploadRecord): Promise<void> {
    const { files, rules } = this.#deps;
    await files.prepare();
    const unfinished = (await this.#book.all()).filter(({ jobId }) => jobId === null);
    const own = unfinished.filter(({ owner }) => owner.userId === record.owner.userId);
    if (own.length >= UNFINISHED_PER_USER) {
      const message = `There are ${own.length} unfinished uploads of yours; finish or cancel some first`;
      throw new LimenError('RATE_LIMITED', { retryAfterSeconds: 60 }, { message });
    }
    const missing = await Promise.all(unfinished.map((one) => this.#missingBytes(one)));
    const promised = missing.reduce((sum, bytes) => sum + bytes, 0);
    const free = (await files.freeBytes()) - rules.reserveDiskBytes - promised;
    if (record.bytes > free) throw storageFull(files.pathOf(record.id));
    await this.#book.put(record);
    try {
      await files.create(record.id);
    } catch (error) {
      await this.#book.remove(record.id);
      throw error;
    }
  }

  /** What the process, or the database, was not there for when its last byte came. */
  async #handOverComplete(): Promise<void> {
    const { files, logger } = this.#deps;
    try {
      for (const record of await this.#book.all()) {
        if (record.jobId !== null || (await files.receivedBytes(record.id)) !== record.bytes) continue;
        await this.#handOver.give(record);
      }
    } catch (error) {
      logger.warn({ err: error }, 'could not go on with what was uploaded; trying again later');
    }
  }

  /** Remove the record, and what came of it unless that is a job's by now. */
  async #forget(id: string): Promise<void> {
    const record = await this.#book.get(id);
    if (record === undefined) return;
    // First: nobody may begin to hand it over in between.
    await this.#book.remove(record.id);
    if (record.jobId === null) await this.#deps.files.removeFile(record.id);
  }

  async #known(id: string): Promise<UploadRecord> {
    const record = await this.#book.get(id);
    if (record === undefined) throw notFound(id);
    return record;
  }

  async #missingBytes({ id, bytes }: UploadRecord): Promise<number> {
    return bytes - ((await this.#deps.files.receivedBytes(id)) ?? 0);
  }

  async *#watched(
    { id }: UploadRecord,
    source: AsyncIterable<Uint8Array>,
    reserve: { touched: boolean },
  ): AsyncGenerator<Uint8Array, void, void> {
    const { files, rules } = this.#deps;
    let unseen = LOOK_EVERY_BYTES;
    for await (const chunk of source) {
      unseen += chunk.length;
      if (unseen >= LOOK_EVERY_BYTES) {
        unseen = 0;
        const free = (await files.freeBytes()) - rules.reserveDiskBytes;
        if (free < 0) {
          reserve.touched = true;
          throw storageFull(files.pathOf(id));
        }
      }
      yield chunk;
    }
  }
}

/** Names of volumes are narrower, and pools the administrators'. Throws `FORBIDDEN`, `INVALID_INPUT`. */
function requireVolume(role: Principal['role'], name: string): void {
  if (role !== 'administrator') throw new LimenError('FORBIDDEN', { permission: 'administrator' });
  const parsed = storageName.safeParse(name);
  if (parsed.success) return;
  const issues = parsed.error.issues.map(({ message }) => ({ path: ['name'], message }));
  throw new LimenError('INVALID_INPUT', { issues });
}

function notFound(id: string): LimenError<'NOT_FOUND'> {
  return new LimenError('NOT_FOUND', { kind: 'upload', id });
}

function storageFull(path: string): LimenError<'STORAGE_FULL'> {
  return new LimenError('STORAGE_FULL', { path }, { message: 'The host has no room left for this file' });
}
