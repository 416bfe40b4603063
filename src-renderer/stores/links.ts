import type { HostLink, HostLinkId } from '@limen/contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

interface LinksState {
  /** In the order the person added them. Undefined until the feed has said. */
  readonly links: readonly HostLink[] | undefined;
}

export const linksStore = createStore<LinksState>(() => ({ links: undefined }));

export function useLinks<T>(select: (state: LinksState) => T): T {
  return useStore(linksStore, select);
}

const none: readonly HostLink[] = [];

export function setLinks(links: readonly HostLink[]): void {
  linksStore.setState({ links });
}

export function useLink(linkId: HostLinkId): HostLink | undefined {
  return useLinks((state) => state.links?.find((link) => link.id === linkId));
}

export function useAllLinks(): readonly HostLink[] {
  return useLinks((state) => state.links ?? none);
}

export function getLink(linkId: HostLinkId): HostLink | undefined {
  return linksStore.getState().links?.find((link) => link.id === linkId);
}
