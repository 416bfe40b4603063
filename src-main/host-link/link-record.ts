import { certificateFingerprint, hostId, hostLinkId, parseAddress, user } from '@limen/contract';
import { z } from 'zod';

/** What is kept on disk of a host one connects to. No secret. */
export const linkRecord = z.object({
  id: hostLinkId,
  address: z.string().refine((text) => parseAddress(text) !== null),
  fingerprint: certificateFingerprint,
  /** The name the person gave; null shows the host's own. */
  givenName: z.string().nullable(),
  /** What the host said at the last handshake, for the time before the next. */
  hostName: z.string().nullable(),
  hostId: hostId.nullable(),
  user: user.nullable(),
});
export type LinkRecord = z.infer<typeof linkRecord>;

export function displayName(record: LinkRecord): string {
  return record.givenName ?? record.hostName ?? record.address;
}
