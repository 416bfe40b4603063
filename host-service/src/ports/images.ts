import type { Image, ImageId, UserId } from '@limen/contract';

/** An entry of the library as it is stored; what it takes and who uses it is found out. */
export type StoredImage = Omit<Image, 'missing' | 'usedBy'>;

/** An entry for a file of a configured directory: everybody's, and the file is not ours. */
export type FoundImage = Pick<
  StoredImage,
  'name' | 'kind' | 'format' | 'presetId' | 'virtualBytes' | 'actualBytes' | 'path'
>;

/** What people may change of an entry; what is left out stays. */
export type ImageChange = {
  readonly [field in 'name' | 'presetId' | 'kind' | 'shared']?: StoredImage[field] | undefined;
};

/** An entry for a file that was put into the library's own folder. */
export type NewImage = Omit<StoredImage, 'owner' | 'addedAt' | 'managed'> & {
  readonly ownerId: UserId | null;
};

/** The entries of this host's library. Implemented in `database/`. */
export interface ImageStore {
  all(): Promise<StoredImage[]>;
  /**
   * May be repeated: an entry with that id stays as it is. Rejects with `QUOTA_EXCEEDED` when its file is more than its
   * owner may still have.
   */
  add(image: NewImage): Promise<void>;
  /** Null when the library has an entry for that path already. */
  addFound(image: FoundImage): Promise<StoredImage | null>;
  /** Null when there is no such image. */
  update(imageId: ImageId, change: ImageChange): Promise<StoredImage | null>;
  /** Of the file as it lies on the host; of one that has none yet. */
  setDigest(imageId: ImageId, sha256: string): Promise<void>;
  remove(imageId: ImageId): Promise<void>;
  /** What unfinished jobs that name the image make. */
  waitedForBy(imageId: ImageId): Promise<string[]>;
}
