import type { Handshake, HostLink, LimenError, LinkState } from '@limen/contract';
import { displayName, type LinkRecord } from './link-record.ts';

/** Which state may follow which: the state machine of docs/architecture.md as a table. */
const successors: Record<LinkState, readonly LinkState[]> = {
  idle: ['resolving', 'needs-sign-in'],
  resolving: ['connecting', 'waiting', 'idle'],
  connecting: ['authenticating', 'waiting', 'needs-sign-in', 'incompatible', 'untrusted', 'idle'],
  authenticating: ['syncing', 'waiting', 'needs-sign-in', 'incompatible', 'untrusted', 'idle'],
  syncing: ['live', 'waiting', 'needs-sign-in', 'incompatible', 'idle'],
  live: ['waiting', 'needs-sign-in', 'idle'],
  waiting: ['resolving', 'needs-sign-in', 'idle'],
  'needs-sign-in': ['resolving', 'idle'],
  incompatible: ['resolving', 'idle'],
  untrusted: ['resolving', 'idle'],
};

export interface LinkStatus {
  readonly state: LinkState;
  readonly since: Date;
  readonly retryAt: Date | null;
  readonly error: LimenError | null;
  readonly handshake: Handshake | null;
  readonly syncedAt: Date | null;
}

export const initialStatus = (): LinkStatus => ({
  state: 'idle',
  since: new Date(),
  retryAt: null,
  error: null,
  handshake: null,
  syncedAt: null,
});

/**
 * The status after a transition. `error` stays until the link is live again, so that "unreachable since" keeps
 * its reason through the attempts in between.
 */
export function transition(
  from: LinkStatus,
  to: LinkState,
  change: Partial<Pick<LinkStatus, 'error' | 'retryAt' | 'handshake' | 'syncedAt'>> = {},
): LinkStatus {
  if (from.state !== to && !successors[from.state].includes(to)) {
    throw new RangeError(`A link does not go from ${from.state} to ${to}`);
  }
  return {
    ...from,
    retryAt: null,
    ...(to === 'live' ? { error: null } : {}),
    ...change,
    state: to,
    since: from.state === to ? from.since : new Date(),
  };
}

/** The link as windows see it. */
export function describeLink(record: LinkRecord, status: LinkStatus): HostLink {
  return {
    id: record.id,
    name: displayName(record),
    address: record.address,
    fingerprint: record.fingerprint,
    state: status.state,
    since: status.since.toISOString(),
    retryAt: status.retryAt?.toISOString() ?? null,
    error: status.error?.toJSON() ?? null,
    hostId: record.hostId,
    user: record.user,
    capabilities: status.handshake?.capabilities ?? [],
    serviceVersion: status.handshake?.serviceVersion ?? null,
    syncedAt: status.syncedAt?.toISOString() ?? null,
  };
}
