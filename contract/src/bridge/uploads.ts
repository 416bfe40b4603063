import { z } from 'zod';
import { serializedError } from '../errors.ts';
import { hostLinkId, jobId, poolId } from '../ids.ts';
import { imageName } from '../records/image.ts';

/** The desktop's own id for a file on its way to a host. */
export const uploadId = z.uuid().toLowerCase().brand<'UploadId'>();
export type UploadId = z.infer<typeof uploadId>;

/** Stands for a file the person chose in the system's own dialog; the page never learns its path. */
export const fileToken = z.uuid().toLowerCase().brand<'FileToken'>();
export type FileToken = z.infer<typeof fileToken>;

export const chosenFile = z.object({
  token: fileToken,
  fileName: z.string(),
  bytes: z.number().int(),
});
export type ChosenFile = z.infer<typeof chosenFile>;

/**
 * `waiting`: for its turn, or for the link to its host; `hashing`: its checksum is computed before the first byte is
 * sent; `finishing`: the host has every byte and a job makes an image of them. `failed` stays until a person resumes
 * or cancels it. What ended well, and what was cancelled, is not listed any more.
 */
export const uploadState = z.enum(['waiting', 'hashing', 'uploading', 'paused', 'finishing', 'failed']);
export type UploadState = z.infer<typeof uploadState>;

/** A file on its way to the library, or to a pool, of a host. Always complete. */
export const upload = z.object({
  id: uploadId,
  linkId: hostLinkId,
  fileName: z.string(),
  /** What the image, or the volume, is to be called. */
  name: z.string(),
  /** The pool it becomes a volume of; null: it becomes an image. */
  poolId: poolId.nullable(),
  state: uploadState,
  /** Done of `totalBytes`: read in state `hashing`, else sent. */
  bytes: z.number().int(),
  totalBytes: z.number().int(),
  /** Over the last seconds; null unless bytes are moving. */
  bytesPerSecond: z.number().nullable(),
  remainingSeconds: z.number().nullable(),
  /** Why it failed; in state `waiting`, what the last attempt ended with. */
  error: serializedError.nullable(),
  /** The host's job, in state `finishing`, and after that job failed. */
  jobId: jobId.nullable(),
});
export type Upload = z.infer<typeof upload>;

/** What the person wants of a file they chose. */
export const uploadWish = z.object({
  linkId: hostLinkId,
  token: fileToken,
  name: imageName,
  presetId: z.string().max(64).optional(),
  shared: z.boolean().default(false),
  /** Make a volume of this pool of it, instead of an image. */
  poolId: poolId.optional(),
  /** Compute the file's SHA-256 first, so that the host can tell whether it got the very same bytes. */
  verify: z.boolean().default(true),
});
export type UploadWish = z.infer<typeof uploadWish>;
