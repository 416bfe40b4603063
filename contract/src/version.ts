import { z } from 'zod';
import { hostId } from './ids.ts';

/**
 * Version of the wire contract, `major.minor`. A new minor only adds; client and host work together when their
 * majors are equal, and use what both know (see `capabilities`).
 */
export const CONTRACT_VERSION = '1.3';

/** What a host can do beyond the base contract; the client hides what is missing and says why. */
export const capability = z.enum([
  'machines.power',
  'consoles.vnc',
  'metrics.live',
  'machines.create',
  'images',
  'images.upload',
  'images.import',
  'images.template',
  'hardware',
  'networks',
  'storage',
  'snapshots',
]);
export type Capability = z.infer<typeof capability>;

export const handshakeInput = z.object({
  contractVersion: z.string().regex(/^\d+\.\d+$/),
  client: z.object({ name: z.string().max(64), version: z.string().max(32) }),
});

export const handshakeOutput = z.object({
  contractVersion: z.string(),
  serviceVersion: z.string(),
  hostId,
  hostName: z.string(),
  /** Unknown names are kept as strings: an older client must survive a newer host. */
  capabilities: z.array(z.string()),
});
export type Handshake = z.infer<typeof handshakeOutput>;

export function isCompatible(ours: string, theirs: string): boolean {
  return ours.split('.')[0] === theirs.split('.')[0];
}
