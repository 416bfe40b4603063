import { isDeepStrictEqual } from 'node:util';
import type { Image, ImageId, ImagesEvent } from '@limen/contract';
import type { StoredImage } from '../../ports/images.ts';
import { Pulse } from '../pulse.ts';

/** An entry, and whether its file is there. */
export type ShelvedImage = StoredImage & Pick<Image, 'missing'>;

/** An entry as one person sees it; null when they do not. */
export type View = (image: ShelvedImage) => Image | null;

interface Follower {
  /** Not told yet. Ids only: a slow follower gets each image once, as it is when it asks. */
  readonly changed: Set<ImageId>;
  readonly pulse: Pulse;
}

/** The library as published, and those who follow it. */
export class ImageShelf {
  readonly #images = new Map<ImageId, ShelvedImage>();
  readonly #followers = new Set<Follower>();

  get(imageId: ImageId): ShelvedImage | undefined {
    return this.#images.get(imageId);
  }

  all(): ShelvedImage[] {
    return [...this.#images.values()];
  }

  list(view: View): Image[] {
    return this.all().flatMap((image) => view(image) ?? []);
  }

  put(image: ShelvedImage): void {
    if (isDeepStrictEqual(this.#images.get(image.id), image)) return;
    this.#images.set(image.id, image);
    this.touch(image.id);
  }

  remove(imageId: ImageId): void {
    if (this.#images.delete(imageId)) this.touch(imageId);
  }

  /** Something that is not part of the entry changed: who uses it. */
  touch(imageId: ImageId): void {
    for (const { changed, pulse } of this.#followers) {
      changed.add(imageId);
      pulse.beat();
    }
  }

  /** First what can be seen, then changes as they come. */
  async *watch(view: View, signal: AbortSignal): AsyncGenerator<ImagesEvent, void, void> {
    const follower: Follower = { changed: new Set(), pulse: new Pulse() };
    this.#followers.add(follower);
    try {
      if (signal.aborted) return;
      const images = this.list(view);
      const told = new Set(images.map(({ id }) => id));
      yield { type: 'snapshot', images };
      while (!signal.aborted) {
        if (follower.changed.size === 0) await follower.pulse.next(signal);
        const event = this.#takeChanges(follower.changed, told, view);
        if (event !== null) yield event;
      }
    } finally {
      this.#followers.delete(follower);
    }
  }

  /** `told`: what the follower knows of. An image can go out of sight without going away. */
  #takeChanges(changed: Set<ImageId>, told: Set<ImageId>, view: View): ImagesEvent | null {
    const upserted: Image[] = [];
    const removed: ImageId[] = [];
    for (const imageId of changed) {
      const image = this.#images.get(imageId);
      const seen = image === undefined ? null : view(image);
      if (seen !== null) {
        upserted.push(seen);
        told.add(imageId);
      } else if (told.delete(imageId)) removed.push(imageId);
    }
    changed.clear();
    return upserted.length + removed.length === 0 ? null : { type: 'changes', upserted, removed };
  }
}
