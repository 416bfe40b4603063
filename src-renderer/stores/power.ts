import {
  allowedPowerActions,
  type HostLink,
  isAllowed,
  type LimenError,
  type Machine,
  type MachineState,
  type PowerAction,
} from '@limen/contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { asLimenError } from '../api/bridge.ts';
import { hostClient } from '../api/host-client.ts';
import { inventoryStore } from './inventory.ts';
import { type MachineKey, type MachineRef, machineKey, parseMachineKey } from './machine-key.ts';

/** What was asked of a machine and has not shown in its record yet. */
export interface PendingAction {
  readonly action: PowerAction;
  /** State and start time when it was asked: the first record that differs is the answer. */
  readonly from: Pick<Machine, 'state' | 'startedAt'>;
}

interface PowerState {
  readonly pending: ReadonlyMap<MachineKey, PendingAction>;
}

export const powerStore = createStore<PowerState>(() => ({ pending: new Map() }));

export function usePower<T>(select: (state: PowerState) => T): T {
  return useStore(powerStore, select);
}

/** After this the overlay goes even without an event: a guest may ignore a polite shutdown. */
const GIVE_UP_MS = 30_000;

export type PowerResult = { readonly ok: true } | { readonly ok: false; readonly error: LimenError };

/**
 * Ask the host for a power action. The machine shows "starting…" from now on, until a record with another state
 * arrives; a refusal takes that back and is returned, not thrown.
 */
export async function runPowerAction(
  ref: MachineRef,
  machine: Machine,
  action: PowerAction,
): Promise<PowerResult> {
  const key = machineKey(ref.linkId, ref.machineId);
  const pending: PendingAction = {
    action,
    from: { state: machine.state, startedAt: machine.startedAt },
  };
  setPending(key, pending);
  try {
    const after = await hostClient(ref.linkId).machines.power({
      machineId: ref.machineId,
      action,
    });
    // Nothing more will come where the state is meant to stay what it was (reboot, reset).
    if (!awaitsStateChange(action) || isAnswered(pending, after)) clearPending(key, pending);
    else setTimeout(() => clearPending(key, pending), GIVE_UP_MS);
    return { ok: true };
  } catch (error) {
    clearPending(key, pending);
    return { ok: false, error: asLimenError(error) };
  }
}

function awaitsStateChange(action: PowerAction): boolean {
  return action !== 'reboot' && action !== 'reset';
}

/** True when a record shows the outcome of the action, or of anything else that happened since. */
export function isAnswered(pending: PendingAction, machine: Pick<Machine, 'state' | 'startedAt'>): boolean {
  return machine.state !== pending.from.state || machine.startedAt !== pending.from.startedAt;
}

function setPending(key: MachineKey, action: PendingAction): void {
  powerStore.setState({
    pending: new Map(powerStore.getState().pending).set(key, action),
  });
}

/** Clears only the very action given: a later one on the same machine stays. */
function clearPending(key: MachineKey, action: PendingAction): void {
  const { pending } = powerStore.getState();
  if (pending.get(key) !== action) return;
  const next = new Map(pending);
  next.delete(key);
  powerStore.setState({ pending: next });
}

/** Called after every inventory event: truth from the host ends what was only hoped for. */
export function settlePending(): void {
  const { pending } = powerStore.getState();
  if (pending.size === 0) return;
  const { hosts } = inventoryStore.getState();
  for (const [key, action] of pending) {
    const { linkId, machineId } = parseMachineKey(key);
    const machine = hosts.get(linkId)?.machines.get(machineId);
    if (!machine || isAnswered(action, machine)) clearPending(key, action);
  }
}

export function usePendingAction(key: MachineKey): PowerAction | undefined {
  return usePower((state) => state.pending.get(key)?.action);
}

/** Whether the signed-in person may use power actions on, and open the console of, this machine. */
export function mayOperate(link: HostLink | undefined, machine: Machine): boolean {
  const owns = link?.user !== null && link?.user !== undefined && machine.owner?.id === link.user.id;
  return isAllowed('machine:operate', link?.user?.role, owns);
}

/** What the screen may offer; the host decides by the same table. */
export function offeredActions(link: HostLink | undefined, machine: Machine): readonly PowerAction[] {
  return link?.state === 'live' && mayOperate(link, machine) ? allowedPowerActions(machine.state) : [];
}

/** States in which the guest's display exists. */
export function hasScreen(state: MachineState): boolean {
  return state !== 'off' && state !== 'saved';
}
