import { create } from 'zustand';

interface OverlaysState {
  readonly addHost: boolean;
  readonly shortcuts: boolean;
}

/** What lies over the page. The native menu, the palette and pages open these from anywhere. */
export const useOverlays = create<OverlaysState>(() => ({ addHost: false, shortcuts: false }));

export function openAddHost(): void {
  useOverlays.setState({ addHost: true });
}

export function openShortcuts(): void {
  useOverlays.setState({ shortcuts: true });
}

export function closeOverlays(): void {
  useOverlays.setState({ addHost: false, shortcuts: false });
}
