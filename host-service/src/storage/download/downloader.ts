import { open, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LimenError } from '@limen/contract';
import type { DownloadRequest, Downloads, DownloadWork } from '../../ports/downloads.ts';
import { discard, fromFileError, partialPath, settle } from '../files.ts';
import { type DownloadRecord, readRecord, removeRecord, writeRecord } from './download-record.ts';
import { PassingFailure, refuse } from './failures.ts';
import type { Answer, HttpSource } from './http-source.ts';
import { readPart } from './partial-answer.ts';
import { size, Speedometer } from './speedometer.ts';

export interface DownloaderOptions {
  readonly source: HttpSource;
  /** Of the file system, left free. */
  readonly reserveDiskBytes: number;
  readonly repeats: { readonly firstMs: number; readonly lastMs: number; readonly max: number };
}

/** So that a disk that fills up otherwise is noticed in time. */
const SPACE_EVERY_BYTES = 64 * 2 ** 20;
const TELL_SPEED_EVERY_MS = 30_000;

/** Where a file that was begun stands. */
interface Begun {
  readonly bytes: number;
  /** Null: it must be begun anew. */
  readonly record: DownloadRecord | null;
}

/** Fetches files piece by piece for as long as it takes; {@link Downloads} over HTTP (RFC 9110, §13 and §14). */
export class Downloader implements Downloads {
  readonly #options: DownloaderOptions;

  constructor(options: DownloaderOptions) {
    this.#options = options;
  }

  check(url: string): void {
    this.#options.source.check(url);
  }

  async readText(
    url: string,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<string> {
    return this.#repeat(
      signal,
      () => {},
      async () => {
        const answer = await this.#options.source.get(url, { signal, mayBecomeInsecure: false });
        const chunks: Buffer[] = [];
        let bytes = 0;
        for await (const chunk of answer.chunks()) {
          bytes += chunk.length;
          if (bytes > maxBytes)
            throw refuse('too-large', `${answer.url.host}: more than ${maxBytes} bytes of text`);
          chunks.push(chunk);
        }
        return Buffer.concat(chunks).toString('utf8');
      },
    );
  }

  async fetch(request: DownloadRequest, work: DownloadWork): Promise<void> {
    const { path } = request;
    if ((await lengthOf(path)) === null) {
      await this.#repeat(work.signal, work.log, (attempt) => this.#continue(request, work, attempt));
      await settle(path);
    }
    await removeRecord(path);
  }

  async discard(path: string): Promise<void> {
    await discard(path);
    await removeRecord(path);
  }

  /** Until it works, or fails for good, or has failed too often in a row with nothing to show for it. */
  async #repeat<T>(
    signal: AbortSignal,
    log: DownloadWork['log'],
    attempt: (state: Attempt) => Promise<T>,
  ): Promise<T> {
    const { firstMs, lastMs, max } = this.#options.repeats;
    for (let failures = 1; ; failures++) {
      const state: Attempt = { failures: failures - 1, advanced: false };
      try {
        return await attempt(state);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PassingFailure)) throw error;
        if (state.advanced) failures = 1;
        if (failures > max) throw refuse('download-failed', error.message);
        log(`${error.message}; trying again`);
        const wished = Math.max(error.retryAfterMs, firstMs * 2 ** (failures - 1));
        await delay(Math.min(lastMs, wished), undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  }

  async #continue(request: DownloadRequest, work: DownloadWork, attempt: Attempt): Promise<void> {
    const { path, url } = request;
    const begun = await readBegun(path, url);
    if (begun.record !== null && begun.bytes === begun.record.totalBytes) return;
    const answer = await this.#ask(request, work, begun, attempt);
    try {
      const part = readPart(
        answer,
        begun.record && { offset: begun.bytes, totalBytes: begun.record.totalBytes },
      );
      if (part === null) {
        await this.discard(path);
        throw new PassingFailure(`${answer.url.host} no longer has the file that was begun`);
      }
      const { offset, totalBytes, validator } = part;
      if (offset === 0) refusePage(answer);
      await this.#requireRoom(request, { done: offset, totalBytes });
      const begins = `${offset === 0 ? 'fetching from' : `going on at ${size(offset)} from`} ${answer.url.host}`;
      work.log(totalBytes === null ? begins : `${begins}: ${size(totalBytes)}`);
      if (offset === 0) {
        await truncate(path);
        // Before the first byte, or a later life would not know whose bytes they are.
        await writeRecord(path, { url, location: answer.url.href, validator, totalBytes });
      }
      await this.#append(request, work, { answer, offset, totalBytes, attempt });
    } finally {
      answer.close();
    }
  }

  /** From the mirror that has the file under the same tag, as long as that one answers. */
  async #ask(
    { url, mayBecomeInsecure }: DownloadRequest,
    { signal }: DownloadWork,
    { record, bytes }: Begun,
    { failures }: Attempt,
  ): Promise<Answer> {
    const { source } = this.#options;
    if (record === null) return source.get(url, { signal, mayBecomeInsecure });
    const headers = { range: `bytes=${bytes}-`, 'if-range': record.validator ?? '' };
    const options = { signal, mayBecomeInsecure, headers };
    if (record.location === url || failures > 1) return source.get(url, options);
    try {
      return await source.get(record.location, options);
    } catch (error) {
      // Its address may have been good for a time only; the first one leads to a new one.
      if (LimenError.is(error, 'UNSUITABLE_IMAGE')) return source.get(url, options);
      throw error;
    }
  }

  async #append(request: DownloadRequest, work: DownloadWork, from: Source): Promise<void> {
    const { path } = request;
    const { answer, totalBytes, offset } = from;
    const speed = new Speedometer(TELL_SPEED_EVERY_MS);
    const handle = await open(partialPath(path), 'a', 0o600);
    try {
      await writeFile(handle, this.#measured(request, work, from, speed));
    } catch (error) {
      throw fromFileError(error, path);
    } finally {
      await handle.close();
    }
    const got = (await lengthOf(partialPath(path))) ?? 0;
    if (totalBytes !== null && got !== totalBytes) {
      throw new PassingFailure(`${answer.url.host}: the connection broke at ${size(got)}`);
    }
    if (got > offset) work.log(`fetched ${speed.summary()}`);
  }

  async *#measured(
    request: DownloadRequest,
    { onProgress, log }: DownloadWork,
    { answer, offset, totalBytes, attempt }: Source,
    speed: Speedometer,
  ): AsyncGenerator<Buffer, void, void> {
    let done = offset;
    let looked = offset;
    for await (const chunk of answer.chunks()) {
      done += chunk.length;
      refuseTooLarge(done, request.maxBytes);
      if (done - looked > SPACE_EVERY_BYTES) {
        looked = done;
        await this.#requireRoom(request, { done, totalBytes });
      }
      yield chunk;
      attempt.advanced = true;
      if (totalBytes !== null) onProgress(done, totalBytes);
      const sentence = speed.add(chunk.length, done, totalBytes);
      if (sentence !== null) log(sentence);
    }
  }

  async #requireRoom(
    { path, maxBytes }: DownloadRequest,
    { done, totalBytes }: { readonly done: number; readonly totalBytes: number | null },
  ): Promise<void> {
    refuseTooLarge(totalBytes ?? done, maxBytes);
    const { bavail, bsize } = await statfs(dirname(path));
    const missing = (totalBytes ?? done) - done;
    if (bavail * bsize - this.#options.reserveDiskBytes < missing)
      throw new LimenError('STORAGE_FULL', { path });
  }
}

/** One of several tries. */
interface Attempt {
  /** How many failed before it, in a row and with nothing to show for it. */
  readonly failures: number;
  /** Whether it got anything. */
  advanced: boolean;
}

interface Source {
  readonly answer: Answer;
  readonly offset: number;
  readonly totalBytes: number | null;
  readonly attempt: Attempt;
}

async function readBegun(path: string, url: string): Promise<Begun> {
  const record = await readRecord(path);
  const bytes = (await lengthOf(partialPath(path))) ?? 0;
  const canGoOn = record !== null && record.url === url && record.validator !== null && bytes > 0;
  return { bytes, record: canGoOn ? record : null };
}

async function truncate(path: string): Promise<void> {
  const handle = await open(partialPath(path), 'w', 0o600);
  await handle.close();
}

async function lengthOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.size ?? null;
}

function refuseTooLarge(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw refuse('too-large', `it has ${bytes} bytes or more, of at most ${maxBytes}`);
}

/** A page that asks to sign in, or to wait, where a file was expected. */
function refusePage(answer: Answer): void {
  const type = answer.header('content-type') ?? '';
  if (/^(text\/html|application\/xhtml\+xml)\b/i.test(type)) {
    throw refuse('download-failed', `${answer.url.host} answered with a web page, not with a file`);
  }
}
