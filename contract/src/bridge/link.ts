import { z } from 'zod';
import { serializedError } from '../errors.ts';
import { hostId, hostLinkId } from '../ids.ts';
import { certificateFingerprint } from '../pairing.ts';
import { user } from '../records/user.ts';

/** States of a host link, as in docs/architecture.md. Only `live` promises that what is shown is the present. */
export const linkState = z.enum([
  'idle',
  'resolving',
  'connecting',
  'authenticating',
  'syncing',
  'live',
  'waiting',
  'needs-sign-in',
  'incompatible',
  'untrusted',
]);
export type LinkState = z.infer<typeof linkState>;

/** A host as the renderer sees it. Holds no secret. */
export const hostLink = z.object({
  id: hostLinkId,
  /** Display name: the host's own until the person gives another. */
  name: z.string(),
  address: z.string(),
  fingerprint: certificateFingerprint,
  state: linkState,
  since: z.iso.datetime(),
  /** When the next attempt starts, in state `waiting`. */
  retryAt: z.iso.datetime().nullable(),
  /** Why the link is not live. */
  error: serializedError.nullable(),
  hostId: hostId.nullable(),
  user: user.nullable(),
  capabilities: z.array(z.string()),
  serviceVersion: z.string().nullable(),
  /** Until when what is shown is known to be true: "as of …". The last sign of life while `live`. */
  syncedAt: z.iso.datetime().nullable(),
});
export type HostLink = z.infer<typeof hostLink>;

/** What is known of a host before it is trusted. */
export const hostProbe = z.object({
  address: z.string(),
  fingerprint: certificateFingerprint,
  subject: z.string(),
  validTo: z.iso.datetime(),
  hostName: z.string(),
  serviceVersion: z.string(),
  compatible: z.boolean(),
});
export type HostProbe = z.infer<typeof hostProbe>;
