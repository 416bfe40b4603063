import type { HostLink, HostLinkId } from '@limen/contract';
import { useInventory } from './inventory.ts';
import { useLink, useLinks } from './links.ts';

/**
 * Whether what is shown of a host is the present. `stale`: last known, as of `asOf` (ISO 8601, null when it was
 * never seen).
 */
export type Freshness = { readonly kind: 'live' } | { readonly kind: 'stale'; readonly asOf: string | null };

const live: Freshness = { kind: 'live' };

/** Live needs both: a live link, and a host service that has libvirt. */
export function isHostLive(
  link: HostLink | undefined,
  hypervisorConnected: boolean,
  cached: boolean,
): boolean {
  return link?.state === 'live' && hypervisorConnected && !cached;
}

export function useIsHostLive(linkId: HostLinkId): boolean {
  const link = useLinks((state) => state.links?.find((candidate) => candidate.id === linkId));
  const current = useInventory((state) => {
    const host = state.hosts.get(linkId);
    return host !== undefined && !host.cached && host.hypervisor.state === 'connected';
  });
  return isHostLive(link, current, false);
}

export function useFreshness(linkId: HostLinkId): Freshness {
  const isLive = useIsHostLive(linkId);
  const asOf = useLinks((state) => state.links?.find((link) => link.id === linkId)?.syncedAt ?? null);
  const lostAt = useInventory((state) => {
    const hypervisor = state.hosts.get(linkId)?.hypervisor;
    return hypervisor && hypervisor.state !== 'connected' ? hypervisor.since : null;
  });
  return isLive ? live : { kind: 'stale', asOf: lostAt ?? asOf };
}

/** As {@link useFreshness}, of what the host service knows by itself: its jobs and images, which need no libvirt. */
export function useLinkFreshness(linkId: HostLinkId): Freshness {
  const link = useLink(linkId);
  return link?.state === 'live' ? live : { kind: 'stale', asOf: link?.syncedAt ?? null };
}
