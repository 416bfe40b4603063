import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { LimenError } from '@limen/contract';
import type { Digest, DigestAlgorithm, FileWork } from '../ports/received-files.ts';

/** Hashed in one go; a fraction of a millisecond in which nobody else is served. */
const PIECE_BYTES = 128 * 1024;
/** After each piece: at most some 100 MB a second. */
const PAUSE_MS = 1;

/** Digests of a file, all in one pass over it. Rejects with `CANCELLED`. */
export async function digestFile(
  path: string,
  algorithms: readonly DigestAlgorithm[],
  { signal, onProgress, slowly = false }: FileWork = {},
): Promise<Digest[]> {
  const hashes = algorithms.map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  const { size } = await stat(path);
  let done = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES, signal })) {
      const bytes: Buffer = piece;
      for (const { hash } of hashes) hash.update(bytes);
      done += bytes.length;
      onProgress?.(done, size);
      if (slowly) await delay(PAUSE_MS);
    }
  } catch (error) {
    if (signal?.aborted) throw LimenError.is(signal.reason) ? signal.reason : new LimenError('CANCELLED', {});
    throw error;
  }
  return hashes.map(({ algorithm, hash }) => ({ algorithm, value: hash.digest('hex') }));
}
