import type { HostLinkId, PoolId, PoolUsage } from '@limen/contract';
import { useEffect, useState } from 'react';
import { hostClient } from '../../api/host-client.ts';
import { useLink } from '../../stores/links.ts';

/** How full a pool was over the last days, oldest first. Asked once: it grows by one moment in half an hour. */
export function usePoolHistory(linkId: HostLinkId, poolId: PoolId, days: number): readonly PoolUsage[] {
  const [history, setHistory] = useState<readonly PoolUsage[]>([]);
  const isLive = useLink(linkId)?.state === 'live';
  useEffect(() => {
    if (!isLive) return;
    const ended = new AbortController();
    hostClient(linkId)
      .storage.poolHistory({ poolId, days }, { signal: ended.signal })
      // Without it the page lacks a line, and says nothing wrong.
      .then(setHistory, () => {});
    return () => ended.abort();
  }, [linkId, poolId, days, isLive]);
  return history;
}
