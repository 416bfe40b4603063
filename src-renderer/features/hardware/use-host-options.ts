import type { CreationOptions, HostLinkId } from '@limen/contract';
import { useEffect, useState } from 'react';
import { hostClient } from '../../api/host-client.ts';
import { useLink } from '../../stores/links.ts';

/** What a host can build machines of; undefined until it has answered, and where it is too old to say. */
export function useHostOptions(linkId: HostLinkId): CreationOptions | undefined {
  const link = useLink(linkId);
  const [options, setOptions] = useState<CreationOptions>();
  const ready = link?.state === 'live' && link.capabilities.includes('machines.create');
  useEffect(() => {
    if (!ready) return;
    const ended = new AbortController();
    hostClient(linkId)
      .machines.creationOptions({}, { signal: ended.signal })
      // Without them the fields offer what the contract knows, and the host decides.
      .then(setOptions, () => {});
    return () => ended.abort();
  }, [ready, linkId]);
  return options;
}
