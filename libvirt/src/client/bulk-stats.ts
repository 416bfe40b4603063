import { StatsFlag } from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';
import type { DomainId, DomainStats } from '../procedures/records.ts';
import type { CallOptions } from '../transport/call-window.ts';
import type { LibvirtClient } from './libvirt-client.ts';

/** As many as the daemon works on at a time for one connection. */
const CONCURRENT_CALLS = 5;

/**
 * Statistics of many domains at once. The daemon asks each running domain's monitor in turn within a call, so
 * the domains are dealt out to five concurrent calls, about twice as fast. What a busy domain cannot answer at
 * once is left out rather than waited for; domains gone in between are absent.
 *
 * @param stats mask of {@link Stats}: on running domains each group costs 1-2 ms per domain.
 */
export async function bulkStats(
  client: LibvirtClient,
  domains: readonly DomainId[],
  stats: number,
  options: CallOptions = {},
): Promise<DomainStats[]> {
  const hands = Array.from({ length: CONCURRENT_CALLS }, (_, hand) =>
    domains.filter((_, i) => i % CONCURRENT_CALLS === hand),
  );
  // An empty list would mean all domains.
  const calls = hands
    .filter((hand) => hand.length > 0)
    .map((hand) =>
      client.call(
        procedures.connect.getAllDomainStats,
        { domains: hand, stats, flags: StatsFlag.noWait },
        options,
      ),
    );
  return (await Promise.all(calls)).flat();
}
