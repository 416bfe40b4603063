import type { HostLinkId, JobId } from '@limen/contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { MachineRef } from './machine-key.ts';

export interface JobRef {
  readonly linkId: HostLinkId;
  readonly jobId: JobId;
}

export interface MachineDialog {
  readonly kind: 'clone' | 'rename' | 'template' | 'owner';
  readonly target: MachineRef;
}

interface OverlaysState {
  readonly addHost: boolean;
  readonly shortcuts: boolean;
  /** The list of jobs in the header. */
  readonly jobs: boolean;
  /** The job whose details are shown. */
  readonly job: JobRef | null;
  readonly machine: MachineDialog | null;
}

const closed: OverlaysState = { addHost: false, shortcuts: false, jobs: false, job: null, machine: null };

/** What lies over the page. The native menu, the palette and pages open these from anywhere. */
export const overlaysStore = createStore<OverlaysState>(() => closed);

export function useOverlays<T>(select: (state: OverlaysState) => T): T {
  return useStore(overlaysStore, select);
}

export function openAddHost(): void {
  overlaysStore.setState({ addHost: true });
}

export function openShortcuts(): void {
  overlaysStore.setState({ shortcuts: true });
}

export function openJobs(): void {
  overlaysStore.setState({ jobs: true });
}

/** In place of the list, where it was opened from there. */
export function openJobDetails(job: JobRef): void {
  overlaysStore.setState({ jobs: false, job });
}

export function openMachineDialog(kind: MachineDialog['kind'], target: MachineRef): void {
  overlaysStore.setState({ machine: { kind, target } });
}

export function closeOverlays(): void {
  overlaysStore.setState(closed);
}
