import {
  allowedPowerActions,
  LimenError,
  type MachineId,
  type MachineState,
  type PowerAction,
} from '@limen/contract';
import { type DomainId, isOperationInvalid, type LibvirtClient, procedures } from 'node-libvirt';
import { machineState } from './machine-state.ts';

const { domains } = procedures;

/** Starting may restore gigabytes of saved memory; the rest ends in seconds, or with libvirt's own time-outs. */
const START = { timeoutMs: 120_000 };
const CHANGE = { timeoutMs: 60_000 };

/**
 * Change a machine's power state. `shutdown` and `reboot` ask the guest, by whatever means libvirt finds, and are
 * done when the guest was asked; the others are done when they resolve.
 *
 * Rejects with `CONFLICT` (`wrong-state`, with the state and what it allows), or as libvirt does.
 */
export async function changePower(client: LibvirtClient, id: MachineId, action: PowerAction): Promise<void> {
  const domain = { uuid: id };
  const state = await currentState(client, domain);
  // libvirt takes some actions in silence that change nothing, e.g. suspending a paused machine.
  if (!allowedPowerActions(state).includes(action)) throw wrongState(state);
  try {
    await perform(client, domain, action);
  } catch (error) {
    if (!isOperationInvalid(error)) throw error;
    // The state changed between our look and the action.
    throw wrongState(await currentState(client, domain), error);
  }
}

async function perform(client: LibvirtClient, domain: DomainId, action: PowerAction): Promise<void> {
  switch (action) {
    case 'start':
      await client.call(domains.create, { domain }, START);
      return;
    case 'shutdown':
      return client.call(domains.shutdown, { domain }, CHANGE);
    case 'reboot':
      return client.call(domains.reboot, { domain }, CHANGE);
    case 'reset':
      return client.call(domains.reset, { domain }, CHANGE);
    case 'suspend':
      return client.call(domains.suspend, { domain }, CHANGE);
    case 'resume':
      return client.call(domains.resume, { domain }, CHANGE);
    case 'destroy':
      return client.call(domains.destroy, { domain }, CHANGE);
  }
}

async function currentState(client: LibvirtClient, domain: DomainId): Promise<MachineState> {
  const [{ state }, managedSave] = await Promise.all([
    client.call(domains.getState, { domain }),
    client.call(domains.hasManagedSaveImage, { domain }),
  ]);
  return machineState(state, managedSave);
}

function wrongState(state: MachineState, cause?: unknown): LimenError<'CONFLICT'> {
  const allowed = [...allowedPowerActions(state)];
  return new LimenError('CONFLICT', { reason: 'wrong-state', state, allowed }, { cause });
}
