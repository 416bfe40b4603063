import { hardwareOverrides, image, imageId, imageKind, userId } from '@limen/contract';
import { z } from 'zod';
import type { Compression, Digest, ReceivedImage } from '../../../ports/received-files.ts';

const digest = z.object({ algorithm: z.enum(['sha256', 'sha512']), value: z.string() });

/**
 * A file that is to become an image: what jobs that receive one have in their arguments, whatever else is in there.
 */
export const admission = z.object({
  imageId,
  /** Where the file is received: `ReceivedFiles.pathOf(imageId)`. */
  receivedPath: z.string().startsWith('/'),
  name: z.string(),
  /** Null: as its content says. */
  kind: imageKind.nullable(),
  presetId: z.string().nullable(),
  shared: z.boolean(),
  ownerId: userId.nullable(),
  origin: image.shape.origin.exclude(['scan']),
  sourceUrl: z.string().nullable(),
  /** What its system needs to boot, where that is known. */
  hardware: hardwareOverrides.optional(),
  /** Of the bytes as received; null when nobody said. */
  expected: digest.nullable(),
});
export type Admission = z.infer<typeof admission>;

/** What the steps of an admission record. Steps before them may record `expected` when it was only found out then. */
export interface AdmissionState {
  readonly expected: Digest | null;
  /** SHA-256 of the bytes as received. */
  readonly receivedSha256: string;
  /** How the received file was compressed; null: it was not. */
  readonly compression: Compression | null;
  readonly inspected: ReceivedImage;
  /** Where the image lies, or will. */
  readonly path: string;
  /** Of the image as it lies there. */
  readonly sha256: string;
}
