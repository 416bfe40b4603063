import type { Hardware } from '@limen/contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { MachineKey } from '../../stores/machine-key.ts';
import { type Draft, emptyDraft } from './model/draft.ts';

/** Changes somebody is making to one machine, and the hardware they were looking at when they began. */
export interface Work {
  readonly draft: Draft;
  readonly base: Hardware;
}

/** Outlives the page: looking at another tab, or another machine, loses nothing. */
const draftStore = createStore<{ readonly machines: ReadonlyMap<MachineKey, Work> }>(() => ({
  machines: new Map(),
}));

export function useWork(key: MachineKey): Work | undefined {
  return useStore(draftStore, (state) => state.machines.get(key));
}

/**
 * Change a draft. Its base is what was shown at its first change; a draft that has become empty is forgotten.
 *
 * @param shown what is on the screen now
 */
export function changeDraft(key: MachineKey, shown: Hardware, change: (draft: Draft) => Draft): void {
  const work = draftStore.getState().machines.get(key);
  saveWork(key, { draft: change(work?.draft ?? emptyDraft), base: work?.base ?? shown });
}

export function saveWork(key: MachineKey, work: Work): void {
  const machines = new Map(draftStore.getState().machines);
  if (work.draft.size === 0) machines.delete(key);
  else machines.set(key, work);
  draftStore.setState({ machines });
}

export function forgetWork(key: MachineKey): void {
  const machines = new Map(draftStore.getState().machines);
  machines.delete(key);
  draftStore.setState({ machines });
}
