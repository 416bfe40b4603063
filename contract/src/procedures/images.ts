import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { imageId, machineId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import { checksum, httpUrl, image, imageKind, imageName, imagesEvent } from '../records/image.ts';
import { job } from '../records/job.ts';
import { preset } from '../records/preset.ts';

/** Everybody sees shared images and their own, administrators all; another's answers `NOT_FOUND`. */
export const images = {
  list: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/images', summary: 'The image library' },
    input: z.object({}),
    output: z.array(image),
  }),
  watch: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/images/watch', summary: 'Follow the library: a snapshot, then changes' },
    input: z.object({}),
    output: eventIterator(imagesEvent),
  }),
  presets: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/presets', summary: 'Operating systems and what they want of a machine' },
    input: z.object({}),
    output: z.array(preset),
  }),
  update: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: true,
    http: { method: 'PATCH', path: '/images/{imageId}', summary: 'Rename, re-label or share an image' },
    input: z.object({
      imageId,
      name: imageName.optional(),
      presetId: z.string().max(64).nullable().optional(),
      kind: imageKind.optional(),
      shared: z.boolean().optional(),
    }),
    output: image,
  }),
  delete: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'DELETE',
      path: '/images/{imageId}',
      summary: 'Delete an image nothing depends on; CONFLICT (in-use) names the machines otherwise',
    },
    input: z.object({ imageId }),
    output: z.object({}),
  }),
  importUrl: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: true,
    http: { method: 'POST', path: '/images/import', summary: 'Have the host fetch an image by its URL' },
    input: z.object({
      url: httpUrl,
      name: imageName,
      /** Left out: as the file's name, or the given one, tells. */
      presetId: z.string().max(64).optional(),
      shared: z.boolean().default(false),
      /** What is fetched is compared with it, compressed or not, as it comes. */
      checksum: checksum.optional(),
    }),
    output: job,
  }),
  createTemplate: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/template',
      summary: 'Make a template from a machine that is off; generalised: identity, keys and logs removed',
    },
    input: z.object({
      machineId,
      name: imageName,
      /** UNSUPPORTED where the host's offers say that it cannot, and for Windows. */
      generalise: z.boolean().default(true),
      shared: z.boolean().default(false),
    }),
    output: job,
  }),
  scan: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/images/scan',
      summary: 'Look through the configured directories for images; answers with what was added',
    },
    input: z.object({}),
    output: z.object({
      added: z.array(image),
      /** Files that look like images and were refused, with the reason. */
      refused: z.array(z.object({ path: z.string(), reason: z.string() })),
    }),
  }),
};
