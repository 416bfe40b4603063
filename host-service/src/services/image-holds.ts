import { type ImageId, LimenError } from '@limen/contract';

/**
 * Keeps an image from being deleted between somebody choosing it and a job naming it, and from being chosen while it
 * is deleted. In memory: of one host's images and jobs only one process ever decides.
 */
export class ImageHolds {
  readonly #choosing = new Map<ImageId, number>();
  readonly #leaving = new Set<ImageId>();

  /** Choose an image (or none) for `work`, which writes down who needs it. Rejects with `NOT_FOUND`. */
  async whileChosen<T>(imageId: ImageId | null, work: () => Promise<T>): Promise<T> {
    if (imageId === null) return work();
    if (this.#leaving.has(imageId)) throw new LimenError('NOT_FOUND', { kind: 'image', id: imageId });
    this.#choosing.set(imageId, (this.#choosing.get(imageId) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const others = (this.#choosing.get(imageId) ?? 1) - 1;
      if (others === 0) this.#choosing.delete(imageId);
      else this.#choosing.set(imageId, others);
    }
  }

  /**
   * Delete an image in `work`, which finds out what was written down before. Rejects with `CONFLICT` (`in-use`) while
   * somebody chooses it, and with `NOT_FOUND` while somebody else deletes it.
   */
  async whileDeleted<T>(imageId: ImageId, work: () => Promise<T>): Promise<T> {
    if (this.#choosing.has(imageId)) throw new LimenError('CONFLICT', { reason: 'in-use', names: [] });
    if (this.#leaving.has(imageId)) throw new LimenError('NOT_FOUND', { kind: 'image', id: imageId });
    this.#leaving.add(imageId);
    try {
      return await work();
    } finally {
      this.#leaving.delete(imageId);
    }
  }
}
