import type { HostLinkId, Preset } from '@limen/contract';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { hostClient } from '../api/host-client.ts';
import { useLink } from './links.ts';

/** Presets of each host: data of its version, which does not change while it runs. */
const presetsStore = createStore<{ readonly hosts: ReadonlyMap<HostLinkId, readonly Preset[]> }>(() => ({
  hosts: new Map(),
}));

const asked = new Set<HostLinkId>();
const none: readonly Preset[] = [];

/** The operating systems a host knows; empty until it has answered. Asked once, whoever needs it. */
export function usePresets(linkId: HostLinkId): readonly Preset[] {
  const link = useLink(linkId);
  const ready = link?.state === 'live' && link.capabilities.includes('images');
  useEffect(() => {
    if (!ready || asked.has(linkId)) return;
    asked.add(linkId);
    hostClient(linkId)
      .images.presets({})
      .then(
        (presets) =>
          presetsStore.setState({ hosts: new Map(presetsStore.getState().hosts).set(linkId, presets) }),
        // The next page that needs them asks again.
        () => asked.delete(linkId),
      );
  }, [ready, linkId]);
  return useStore(presetsStore, (state) => state.hosts.get(linkId) ?? none);
}
