import type { MachineState } from '@limen/contract';
import { DomainState } from 'node-libvirt';

/** Where a domain stands, by libvirt's numbers. */
export interface StateNumbers {
  readonly state: number;
  readonly reason: number;
}

/**
 * Names of `virDomain*Reason` by state, in the order of their numbers. Null is libvirt's "unknown", and what
 * would only repeat the state.
 */
const reasons: Readonly<Record<number, readonly (string | null)[]>> = {
  [DomainState.running]: [
    null,
    'booted',
    'migrated',
    'restored',
    'from-snapshot',
    'unpaused',
    'migration-canceled',
    'save-canceled',
    'wakeup',
    'crashed',
    'postcopy',
    'postcopy-failed',
  ],
  [DomainState.paused]: [
    null,
    'user',
    'migration',
    'save',
    'dump',
    'ioerror',
    'watchdog',
    'from-snapshot',
    'shutting-down',
    'snapshot',
    'crashed',
    'starting-up',
    'postcopy',
    'postcopy-failed',
    'api-error',
  ],
  [DomainState.shutdown]: [null, 'user'],
  [DomainState.shutOff]: [
    null,
    'shutdown',
    'destroyed',
    'crashed',
    'migrated',
    'saved',
    'failed',
    'from-snapshot',
    'daemon',
  ],
  [DomainState.crashed]: [null, 'panicked'],
};

/** A machine's state as the contract names it. */
export function machineState(state: number, hasManagedSave: boolean): MachineState {
  switch (state) {
    case DomainState.paused:
      return 'paused';
    case DomainState.shutdown:
      return 'shutting-down';
    case DomainState.shutOff:
      return hasManagedSave ? 'saved' : 'off';
    case DomainState.crashed:
      return 'crashed';
    case DomainState.pmSuspended:
      return 'suspended';
    // Running, BLOCKED (waiting for a resource) and NOSTATE (the driver cannot tell an active domain's state).
    default:
      return 'running';
  }
}

/** libvirt's reason by name, null when it gives none. */
export function stateReason({ state, reason }: StateNumbers): string | null {
  return reasons[state]?.[reason] ?? null;
}

/** Whether a process runs the machine. */
export function isActive(state: MachineState): boolean {
  return state !== 'off' && state !== 'saved';
}
