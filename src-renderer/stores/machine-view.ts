import { create } from 'zustand';
import type { MachineKey } from './machine-key.ts';

interface MachineViewState {
  readonly filter: string;
  readonly selection: ReadonlySet<MachineKey>;
  /** The row the keyboard is on. */
  readonly active: MachineKey | null;
}

/** What the person did to the list; kept while they look at a machine and come back. */
export const useMachineView = create<MachineViewState>(() => ({
  filter: '',
  selection: new Set(),
  active: null,
}));

export function setFilter(filter: string): void {
  useMachineView.setState({ filter });
}

export function setActive(active: MachineKey | null): void {
  useMachineView.setState({ active });
}

export function setSelection(keys: Iterable<MachineKey>): void {
  useMachineView.setState({ selection: new Set(keys) });
}

export function toggleSelected(key: MachineKey): void {
  const selection = new Set(useMachineView.getState().selection);
  if (!selection.delete(key)) selection.add(key);
  useMachineView.setState({ selection });
}

/** From the active row to this one, as Shift+click does; replaces what was selected. */
export function selectRange(keys: readonly MachineKey[], to: MachineKey): void {
  const { active } = useMachineView.getState();
  const from = active === null ? -1 : keys.indexOf(active);
  const end = keys.indexOf(to);
  const start = from < 0 ? end : from;
  setSelection(keys.slice(Math.min(start, end), Math.max(start, end) + 1));
}
