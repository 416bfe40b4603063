import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

interface OverlaysState {
  readonly addHost: boolean;
  readonly shortcuts: boolean;
}

/** What lies over the page. The native menu, the palette and pages open these from anywhere. */
export const overlaysStore = createStore<OverlaysState>(() => ({ addHost: false, shortcuts: false }));

export function useOverlays<T>(select: (state: OverlaysState) => T): T {
  return useStore(overlaysStore, select);
}

export function openAddHost(): void {
  overlaysStore.setState({ addHost: true });
}

export function openShortcuts(): void {
  overlaysStore.setState({ shortcuts: true });
}

export function closeOverlays(): void {
  overlaysStore.setState({ addHost: false, shortcuts: false });
}
