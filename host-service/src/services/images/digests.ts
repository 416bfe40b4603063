import { setTimeout as delay } from 'node:timers/promises';
import { LimenError } from '@limen/contract';
import type { ImageStore, StoredImage } from '../../ports/images.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ReceivedFiles } from '../../ports/received-files.ts';
import type { ImageLibrary } from './library.ts';

export interface DigestsDependencies {
  readonly store: Pick<ImageStore, 'all' | 'setDigest'>;
  readonly received: Pick<ReceivedFiles, 'digest' | 'size'>;
  readonly library: Pick<ImageLibrary, 'reload'>;
  readonly logger: Logger;
  /** Look for entries without digest this often. Ms. */
  readonly everyMs?: number;
}

/**
 * Computes the digests that entries of the library lack: of files that a scan found, and of bases of linked clones.
 * No job, for nobody waits for it and nothing is left of it when it is cut short: one file after the other, slowly.
 */
export class Digests {
  readonly #deps: DigestsDependencies;
  readonly #closing = new AbortController();

  constructor(deps: DigestsDependencies) {
    this.#deps = deps;
  }

  start(): void {
    void this.#keepLooking();
  }

  close(): void {
    this.#closing.abort(new LimenError('CANCELLED', {}));
  }

  /** Never rejects. */
  async #keepLooking(): Promise<void> {
    const { logger, everyMs = 60_000 } = this.#deps;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#computeMissing();
      } catch (error) {
        if (!signal.aborted) logger.warn({ err: error }, 'could not compute the digests of images');
      }
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #computeMissing(): Promise<void> {
    const { store, library } = this.#deps;
    for (const image of await store.all()) {
      if (image.sha256 !== null || this.#closing.signal.aborted) continue;
      if (await this.#compute(image)) await library.reload();
    }
  }

  /** False for a file that is gone, cannot be read, or changes while it is. */
  async #compute({ id, path }: StoredImage): Promise<boolean> {
    const { store, received, logger } = this.#deps;
    const { signal } = this.#closing;
    try {
      const before = await received.size(path);
      if (before === null) return false;
      const [digest] = await received.digest(path, ['sha256'], { signal, slowly: true });
      if (digest === undefined || (await received.size(path)) !== before) return false;
      await store.setDigest(id, digest.value);
      return true;
    } catch (error) {
      if (LimenError.is(error, 'DATABASE_UNAVAILABLE')) throw error;
      if (!signal.aborted)
        logger.warn({ imageId: id, err: error }, 'could not compute the digest of an image');
      return false;
    }
  }
}
