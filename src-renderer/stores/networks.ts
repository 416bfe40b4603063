import type { HostLink, HostLinkId, LimenError, Network, NetworksSnapshot } from '@limen/contract';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { openMachineStream } from '../api/machine-channel.ts';
import { useLink } from './links.ts';

export interface FollowedNetworks {
  /** As last told; the present only while the link is live. Undefined until the host has told it. */
  readonly snapshot: NetworksSnapshot | undefined;
  /** Why they are not followed now. */
  readonly error: LimenError | undefined;
}

interface NetworksState {
  readonly hosts: ReadonlyMap<HostLinkId, FollowedNetworks>;
}

/** A network and the host it is on. */
export interface NetworkEntry {
  readonly linkId: HostLinkId;
  readonly network: Network;
}

const networksStore = createStore<NetworksState>(() => ({ hosts: new Map() }));

const unknown: FollowedNetworks = { snapshot: undefined, error: undefined };
/** A stream that ended although the link is live is asked for again after this. */
const RETRY_MS = 5_000;

function remember(linkId: HostLinkId, change: Partial<FollowedNetworks>): void {
  const { hosts } = networksStore.getState();
  networksStore.setState({
    hosts: new Map(hosts).set(linkId, { ...(hosts.get(linkId) ?? unknown), ...change }),
  });
}

/** What a call answered, which is as true as what the stream tells. */
export function receiveNetwork(linkId: HostLinkId, network: Network): void {
  const { snapshot } = networksStore.getState().hosts.get(linkId) ?? unknown;
  if (snapshot === undefined) return;
  const networks = snapshot.networks.map((known) => (known.id === network.id ? network : known));
  remember(linkId, { snapshot: { ...snapshot, networks } });
}

/** Hosts whose networks can be shown. */
export function hasNetworks(link: HostLink): boolean {
  return link.capabilities.includes('networks');
}

/** Follow the networks of a host while the component is there. What was told stays while the link is away. */
export function useFollowNetworks(linkId: HostLinkId): void {
  const link = useLink(linkId);
  const ready = link?.state === 'live' && hasNetworks(link);
  useEffect(() => {
    if (!ready) return;
    let close = (): void => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      close = openMachineStream(
        'networks',
        { linkId },
        {
          told: ({ snapshot }) => remember(linkId, { snapshot, error: undefined }),
          ended: (error) => {
            remember(linkId, { error });
            timer = setTimeout(open, RETRY_MS);
          },
        },
      );
    };
    open();
    return () => {
      clearTimeout(timer);
      close();
    };
  }, [linkId, ready]);
}

export function useNetworksByHost(): ReadonlyMap<HostLinkId, FollowedNetworks> {
  return useStore(networksStore, (state) => state.hosts);
}

export function useNetworks(linkId: HostLinkId): FollowedNetworks {
  return useStore(networksStore, (state) => state.hosts.get(linkId) ?? unknown);
}
