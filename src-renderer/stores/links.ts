import type { HostLink, HostLinkId } from '@limen/contract';
import { create } from 'zustand';

interface LinksState {
  /** In the order the person added them. Undefined until the feed has said. */
  readonly links: readonly HostLink[] | undefined;
}

export const useLinks = create<LinksState>(() => ({ links: undefined }));

const none: readonly HostLink[] = [];

export function setLinks(links: readonly HostLink[]): void {
  useLinks.setState({ links });
}

export function useLink(linkId: HostLinkId): HostLink | undefined {
  return useLinks((state) => state.links?.find((link) => link.id === linkId));
}

export function useAllLinks(): readonly HostLink[] {
  return useLinks((state) => state.links ?? none);
}

export function getLink(linkId: HostLinkId): HostLink | undefined {
  return useLinks.getState().links?.find((link) => link.id === linkId);
}
