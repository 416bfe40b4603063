import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { LimenError } from '@limen/contract';
import type { FileIdentity } from './upload-record.ts';

const HASH_CHUNK_BYTES = 1 << 20;

/** Look at a file the person chose. Rejects with `FILE_CHANGED` when it is gone or is no regular file. */
export async function identify(path: string): Promise<FileIdentity> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  if (!found.isFile()) throw fileChanged(path, 'unreadable');
  return { path, bytes: found.size, modifiedMs: found.mtimeMs };
}

/** Rejects with `FILE_CHANGED` unless the file is still the one that was chosen. */
export async function assertUnchanged(file: FileIdentity): Promise<void> {
  const now = await identify(file.path);
  if (now.bytes !== file.bytes || now.modifiedMs !== file.modifiedMs) throw fileChanged(file.path, 'changed');
}

/**
 * SHA-256 of a file, lower-case hex. Rejects with `FILE_CHANGED` when it cannot be read, and with `CANCELLED`
 * when the signal aborts.
 *
 * @param onProgress bytes read so far
 */
export async function sha256Of(
  { path }: FileIdentity,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const stream = createReadStream(path, { highWaterMark: HASH_CHUNK_BYTES, signal });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      onProgress(bytes);
    }
  } catch (error) {
    throw signal.aborted ? new LimenError('CANCELLED', {}, { cause: error }) : fileError(path, error);
  }
  return hash.digest('hex');
}

export function fileChanged(
  path: string,
  reason: 'changed' | 'missing' | 'unreadable',
  cause?: unknown,
): LimenError<'FILE_CHANGED'> {
  return new LimenError('FILE_CHANGED', { fileName: basename(path), reason }, { cause });
}

/** What Node says of a file that could not be read. */
export function fileError(path: string, error: unknown): LimenError {
  const { code } = error as NodeJS.ErrnoException;
  return fileChanged(path, code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable', error);
}
