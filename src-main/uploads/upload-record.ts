import { hostLinkId, imageName, jobId, poolId, serializedError, uploadId } from '@limen/contract';
import { z } from 'zod';

/** A file as it was when the person chose it. Whatever differs later is another file. */
export const fileIdentity = z.object({
  path: z.string().min(1),
  bytes: z.number().int().nonnegative(),
  /** Time of the last change, Unix time in ms (with fractions where the file system has them). */
  modifiedMs: z.number(),
});
export type FileIdentity = z.infer<typeof fileIdentity>;

/** What is kept on disk of an upload, so that it goes on after the desktop was restarted. */
export const uploadRecord = z.object({
  id: uploadId,
  linkId: hostLinkId,
  file: fileIdentity,
  name: imageName,
  /** Absent in what an older version kept. */
  poolId: poolId.nullable().default(null),
  presetId: z.string().nullable(),
  shared: z.boolean(),
  verify: z.boolean(),
  /** Lower-case hex; null until it was computed, and for uploads nobody wants verified. */
  sha256: z.string().nullable(),
  paused: z.boolean(),
  /** Given up by the person; kept only until the host was told to delete what it got. */
  cancelled: z.boolean(),
  /** Path of the upload on the host; null until the host made it. */
  url: z.string().nullable(),
  /** What the host was last known to have. */
  sentBytes: z.number().int().nonnegative(),
  /** The host's job that makes an image of the bytes, once it has them all. */
  jobId: jobId.nullable(),
  /** Why it failed for good, until the person resumes it. */
  error: serializedError.nullable(),
});
export type UploadRecord = z.infer<typeof uploadRecord>;
