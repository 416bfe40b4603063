import type { HostInfo, HostLink, LimenError } from '@limen/contract';
import { useCallback, useEffect, useState } from 'react';
import { asLimenError } from '../../api/bridge.ts';
import { hostClient } from '../../api/host-client.ts';
import { useHypervisor } from '../../stores/inventory.ts';

export interface HostInfoRead {
  /** The last answer; kept while the host is away. */
  readonly info: HostInfo | undefined;
  readonly error: LimenError | undefined;
  readonly reload: () => void;
}

/** Facts of a host: read when its link or its hypervisor comes (back), as those are what they depend on. */
export function useHostInfo(link: HostLink): HostInfoRead {
  const [info, setInfo] = useState<HostInfo>();
  const [error, setError] = useState<LimenError>();
  const [attempt, setAttempt] = useState(0);
  const live = link.state === 'live';
  const hypervisor = useHypervisor(link.id)?.state;

  useEffect(() => {
    if (!live) return;
    const ended = new AbortController();
    hostClient(link.id)
      .host.get({}, { signal: ended.signal })
      .then(
        (answer) => {
          setInfo(answer);
          setError(undefined);
        },
        (failure: unknown) => {
          if (!ended.signal.aborted) setError(asLimenError(failure));
        },
      );
    return () => ended.abort();
  }, [live, link.id, hypervisor, attempt]);

  return { info, error, reload: useCallback(() => setAttempt((count) => count + 1), []) };
}
