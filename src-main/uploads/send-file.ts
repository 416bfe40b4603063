import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { jobId, LimenError, UPLOAD_JOB_HEADER, UPLOADS_PATH } from '@limen/contract';
import type { JobId } from '@limen/contract';
import { type DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import { fileChanged, fileError } from './chosen-file.ts';
import { PinnedHttpStack, type SizedStream } from './pinned-http.ts';
import type { UploadHost } from './upload-host.ts';
import type { FileIdentity, UploadRecord } from './upload-record.ts';

export interface SendListener {
  /** The host made, or still has, the upload: its path there. */
  readonly located: (url: string) => void;
  /** Bytes of the whole file that have left this process. */
  readonly progress: (bytes: number) => void;
}

/**
 * One attempt to bring a file to its host, from where the host has it. Resolves with the host's job when the host
 * has every byte, with null where it names none. Rejects with `LimenError`: `NOT_FOUND` when the host does not know
 * the upload (any more), `FILE_CHANGED` when the file cannot be read, `CANCELLED` when the signal aborts.
 */
export function sendFile(
  host: UploadHost,
  record: UploadRecord,
  listener: SendListener,
  signal: AbortSignal,
): Promise<JobId | null> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(unused, {
      ...options(host, signal),
      ...(record.url === null ? {} : { uploadUrl: urlOf(host, record.url) }),
      metadata: metadataOf(record),
      fileReader: { openFile: () => Promise.resolve(sourceOf(record.file)) },
      onUploadUrlAvailable: () => {
        if (upload.url !== null) listener.located(pathOf(upload.url));
      },
      onProgress: (bytes) => {
        if (!signal.aborted) listener.progress(bytes);
      },
      onSuccess: ({ lastResponse }) =>
        resolve(jobId.safeParse(lastResponse.getHeader(UPLOAD_JOB_HEADER)).data ?? null),
      onError: (error) => reject(causeOf(error)),
    });
    signal.addEventListener('abort', () => reject(new LimenError('CANCELLED', {})), { once: true });
    if (signal.aborted) reject(new LimenError('CANCELLED', {}));
    else upload.start();
  });
}

/** Have the host delete an upload. Rejects with `LimenError`; one the host does not know is deleted. */
export async function terminate(host: UploadHost, url: string, signal: AbortSignal): Promise<void> {
  try {
    await Upload.terminate(urlOf(host, url), options(host, signal));
  } catch (error) {
    const cause = causeOf(error);
    if (cause.code !== 'NOT_FOUND') throw cause;
  }
}

/** tus-js-client wants an input to guess a source from; ours is given to it. */
const unused = Buffer.alloc(0);

function options(host: UploadHost, signal: AbortSignal): UploadOptions {
  return {
    endpoint: urlOf(host, UPLOADS_PATH),
    httpStack: new PinnedHttpStack(host, signal),
    // When to try again, and what is remembered over restarts, is decided by the queue.
    retryDelays: null,
    storeFingerprintForResuming: false,
    fingerprint: () => Promise.resolve(''),
  };
}

/** The contract's `UploadMetadata`. */
function metadataOf({ file, name, poolId, presetId, shared, sha256 }: UploadRecord): Record<string, string> {
  const metadata = { filename: basename(file.path), name, shared: String(shared) };
  const optional = { poolId, presetId, sha256 };
  for (const [key, value] of Object.entries(optional))
    if (value !== null) Object.assign(metadata, { [key]: value });
  return metadata;
}

function sourceOf({ path, bytes }: FileIdentity) {
  return {
    size: bytes,
    slice: (start: number, end: number) =>
      Promise.resolve({ value: partOf(path, start, end), done: end >= bytes }),
    close: () => {},
  };
}

/** Bytes `start` to `end` (exclusive) of a file; fails with `FILE_CHANGED` when it has fewer. */
function partOf(path: string, start: number, end: number): SizedStream {
  const size = end - start;
  const stream = createReadStream(path, { start, end: end - 1, highWaterMark: 256 << 10 });
  const read = async function* (): AsyncGenerator<Buffer> {
    let bytes = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw fileError(path, error);
    }
    if (bytes !== size) throw fileChanged(path, 'changed');
  };
  return Object.assign(Readable.from(read(), { objectMode: false, highWaterMark: 256 << 10 }), { size });
}

function urlOf({ authority }: UploadHost, path: string): string {
  return `https://${authority}${path}`;
}

/** What is kept of a URL the host gave: the host is known, and may get another address. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** What a failure of tus-js-client was made from: our own HTTP stack fails with `LimenError` only. */
function causeOf(error: unknown): LimenError {
  const cause = (error as Partial<DetailedError>).causingError ?? error;
  if (LimenError.is(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new LimenError('INTERNAL', {}, { message, cause });
}
