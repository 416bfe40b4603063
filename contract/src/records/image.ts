import { z } from 'zod';
import { imageId, machineId, poolId, userId } from '../ids.ts';
import { hardwareOverrides } from './creation.ts';

/** `iso`: installation media; `disk`: a system ready to boot (cloud images); `template`: made from a machine. */
export const imageKind = z.enum(['iso', 'disk', 'template']);
export type ImageKind = z.infer<typeof imageKind>;

/** How the bytes on the host are laid out; other formats are converted on the way in. */
export const imageFormat = z.enum(['raw', 'qcow2']);

/** Shown to people and part of a file's name: anything printable but separators; Unicode NFC. */
export const imageName = z
  .string()
  .trim()
  .min(1)
  .max(128)
  // oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
  .regex(/^[^\u0000-\u001f\u007f/\\]+$/u)
  .transform((text) => text.normalize('NFC'));

/** An entry of the library. Always complete. */
export const image = z.object({
  id: imageId,
  name: z.string(),
  kind: imageKind,
  format: imageFormat,
  /** OS preset it is for; null when unknown. */
  presetId: z.string().nullable(),
  /** What a guest sees, in bytes. */
  virtualBytes: z.number().int(),
  /** What it takes on the host, in bytes. */
  actualBytes: z.number().int(),
  /** Of the file as it lies on the host, lower-case hex; null until it has been computed. */
  sha256: z.string().nullable(),
  path: z.string(),
  origin: z.enum(['upload', 'url', 'scan', 'template']),
  /** Where it was imported from; null for the other origins. */
  sourceUrl: z.string().nullable(),
  /** What of a machine's hardware its system needs to boot; absent: as the preset has it. */
  hardware: hardwareOverrides.optional(),
  /** Everybody may use it; a private one only its owner and administrators. */
  shared: z.boolean(),
  owner: z.object({ id: userId, username: z.string() }).nullable(),
  addedAt: z.iso.datetime(),
  /** False: the file lies in a scanned directory; deleting the entry never deletes the file. */
  managed: z.boolean(),
  /** The file is gone or unreadable. */
  missing: z.boolean(),
  /** Machines with a disk or drive on it, as far as the caller may see them. */
  usedBy: z.array(z.object({ machineId, name: z.string() })),
});
export type Image = z.infer<typeof image>;

/** First a snapshot of what the caller may see, then changes. */
export const imagesEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), images: z.array(image) }),
  z.object({ type: z.literal('changes'), upserted: z.array(image), removed: z.array(imageId) }),
]);
export type ImagesEvent = z.infer<typeof imagesEvent>;

/** Where a host can fetch something. No name or password in it: it is stored, and shown to others in part. */
export const httpUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .regex(/^https?:\/\/[^/?#\\@]+([/?#]|$)/i);

/** A published checksum: the digest itself, or where a sums file (`SHA256SUMS` and the like) lists it. */
export const checksum = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('digest'),
      algorithm: z.enum(['sha256', 'sha512']),
      value: z
        .string()
        .trim()
        .toLowerCase()
        .regex(/^([0-9a-f]{64}|[0-9a-f]{128})$/),
    })
    .refine(({ algorithm, value }) => value.length === (algorithm === 'sha256' ? 64 : 128)),
  z.object({ type: z.literal('sums-file'), url: httpUrl }),
]);
export type Checksum = z.infer<typeof checksum>;

/**
 * tus metadata of an upload (`Upload-Metadata`, tus 1.0.0): the file's own name, and what the library is to keep.
 * All text, as tus has it.
 */
export const uploadMetadata = z.object({
  filename: z.string().min(1).max(255),
  name: imageName,
  presetId: z.string().max(64).optional(),
  shared: z.enum(['true', 'false']).default('false'),
  /** Administrators only: not an image but a volume of this pool is made of it, by that name. */
  poolId: poolId.optional(),
  /** Expected SHA-256 of the file as sent, lower-case hex; checked before anything else is done with it. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export type UploadMetadata = z.infer<typeof uploadMetadata>;

/** Path of the tus endpoint of every host service; uploads carry the access token in `Authorization`. */
export const UPLOADS_PATH = '/uploads';

/**
 * Response header of an upload the host has every byte of (the last `PATCH`, and `HEAD` from then on): id of the
 * job that makes an image of it.
 */
export const UPLOAD_JOB_HEADER = 'Limen-Job';
