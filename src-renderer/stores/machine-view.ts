import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { MachineKey } from './machine-key.ts';

interface MachineViewState {
  readonly filter: string;
  readonly selection: ReadonlySet<MachineKey>;
  /** The row the keyboard is on. */
  readonly active: MachineKey | null;
}

/** What the person did to the list; kept while they look at a machine and come back. */
export const machineViewStore = createStore<MachineViewState>(() => ({
  filter: '',
  selection: new Set(),
  active: null,
}));

export function useMachineView<T>(select: (state: MachineViewState) => T): T {
  return useStore(machineViewStore, select);
}

export function setFilter(filter: string): void {
  machineViewStore.setState({ filter });
}

export function setActive(active: MachineKey | null): void {
  machineViewStore.setState({ active });
}

export function setSelection(keys: Iterable<MachineKey>): void {
  machineViewStore.setState({ selection: new Set(keys) });
}

export function toggleSelected(key: MachineKey): void {
  const selection = new Set(machineViewStore.getState().selection);
  if (!selection.delete(key)) selection.add(key);
  machineViewStore.setState({ selection });
}

/** From the active row to this one, as Shift+click does; replaces what was selected. */
export function selectRange(keys: readonly MachineKey[], to: MachineKey): void {
  const { active } = machineViewStore.getState();
  const from = active === null ? -1 : keys.indexOf(active);
  const end = keys.indexOf(to);
  const start = from < 0 ? end : from;
  setSelection(keys.slice(Math.min(start, end), Math.max(start, end) + 1));
}
