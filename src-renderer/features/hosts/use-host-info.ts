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
  const live = link.state === 'live';
  const hypervisor = useHypervisor(link.id)?.state;
  const linkId = link.id;

  const read = useCallback(
    (signal?: AbortSignal): Promise<void> =>
      hostClient(linkId)
        .host.get({}, signal ? { signal } : {})
        .then(
          (answer) => {
            setInfo(answer);
            return setError(undefined);
          },
          (failure: unknown) => {
            if (!signal?.aborted) setError(asLimenError(failure));
          },
        ),
    [linkId],
  );

  useEffect(() => {
    if (!live || hypervisor === undefined) return;
    const ended = new AbortController();
    void read(ended.signal);
    return () => ended.abort();
  }, [live, hypervisor, read]);

  return { info, error, reload: useCallback(() => void read(), [read]) };
}
