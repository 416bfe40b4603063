import type { ImageId, JobId, PoolId, UserId } from '@limen/contract';

/** What is known of an upload from its beginning on, for as long as its client may ask. */
export interface UploadRecord {
  /** Of the upload, and of the image that it becomes. */
  readonly id: ImageId;
  readonly owner: { readonly userId: UserId; readonly username: string };
  /** Of the whole file, in bytes. */
  readonly bytes: number;
  readonly name: string;
  /** A volume of this pool is made of it; null: an image. */
  readonly poolId: PoolId | null;
  readonly presetId: string | null;
  readonly shared: boolean;
  /** As the client computed it, lower-case hex; null when it did not. */
  readonly sha256: string | null;
  /** The job that makes an image of it; null until every byte is here. The file is the job's from then on. */
  readonly jobId: JobId | null;
}

/**
 * Uploads on this host's disk: of each a record, and until its job has it the file with what came so far, whose length
 * is the one truth about how much that is. Implemented in `storage/`.
 */
export interface UploadFiles {
  /** Make the folders. Rejects with `UNSUPPORTED` where that is impossible. */
  prepare(): Promise<void>;
  /** Where the file of an upload lies. */
  pathOf(id: ImageId): string;
  /** Every record that can be read; none where there is no folder. What cannot be read is removed. */
  records(): Promise<UploadRecord[]>;
  /** On the disk when it resolves, whole at every moment. Rejects with `STORAGE_FULL`. */
  save(record: UploadRecord): Promise<void>;
  /** Begin with an empty file. Rejects with `STORAGE_FULL`. */
  create(id: ImageId): Promise<void>;
  /**
   * Write what comes to the file, from `offset` on; resolves to how many bytes that were. When the source fails, what
   * had come by then stays. Rejects with `STORAGE_FULL` when the file system is, and with what the source failed with.
   */
  append(id: ImageId, offset: number, source: AsyncIterable<Uint8Array>): Promise<number>;
  /** Have the file on the disk, not only in its cache. */
  sync(id: ImageId): Promise<void>;
  /** How much there is, in bytes; null when there is no file. */
  receivedBytes(id: ImageId): Promise<number | null>;
  /** When the record or the file last changed; null when there is neither. */
  changedAt(id: ImageId): Promise<Date | null>;
  /** That anybody may still write to the file system, in bytes. */
  freeBytes(): Promise<number>;
  /** Remove the file, if it is there. */
  removeFile(id: ImageId): Promise<void>;
  removeRecord(id: ImageId): Promise<void>;
}
