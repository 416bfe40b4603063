import { LimenError, type MachineId } from '@limen/contract';
import type { Hypervisor, Unsubscribe } from '../ports/hypervisor.ts';
import type { Logger } from '../ports/logger.ts';
import { every, type Failure, follow, LaterLook } from './follow.ts';
import type { Inventory } from './inventory/inventory.ts';

/** libvirt tells of some changes (a tray that moves) before its definition says so. */
const SETTLED_AFTER_MS = 1_000;
/** libvirt says nothing of `virsh setmaxmem --config` and its like; somebody is looking, so a look now and then pays. */
const UNTOLD_CHANGES_MS = 5_000;

type OnMachine = (listener: (machineId: MachineId) => void) => Unsubscribe;

export interface MachineWatchDependencies<T> {
  /** Told of changes that {@link read} may show. */
  readonly sources: readonly OnMachine[];
  readonly hypervisor: Pick<Hypervisor, 'onStatus'>;
  readonly inventory: Pick<Inventory, 'onChanged'>;
  readonly logger: Logger;
  /** Of several asked for at once, one is read. Rejects with `NOT_FOUND` for who may not see the machine. */
  readonly read: () => Promise<T>;
}

/**
 * Something of a machine as it is, and again whenever it differs: after events, a new connection to libvirt, what we
 * did ourselves, and within seconds where libvirt tells nobody. Ends with `NOT_FOUND` when there is no such machine to
 * be seen any more. While libvirt is away there is silence.
 */
export function watchMachine<T>(
  machineId: MachineId,
  { sources, hypervisor, inventory, logger, read }: MachineWatchDependencies<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const subscribe = (look: () => void): Unsubscribe[] => {
    const settled = new LaterLook(SETTLED_AFTER_MS, look);
    const onMachine = (changed: MachineId): void => {
      if (changed !== machineId) return;
      look();
      settled.start();
    };
    return [
      ...sources.map((source) => source(onMachine)),
      inventory.onChanged(onMachine),
      hypervisor.onStatus(({ state }) => {
        if (state === 'connected') look();
      }),
      every(UNTOLD_CHANGES_MS, look),
      () => settled.cancel(),
    ];
  };
  const onTrouble = (error: unknown): void =>
    logger.warn({ err: error }, 'could not read what somebody watches of a machine; trying again');
  return follow({ read, subscribe, judge, onTrouble }, signal);
}

function judge(error: unknown): Failure {
  if (LimenError.is(error, 'HYPERVISOR_UNAVAILABLE')) return 'away';
  return LimenError.is(error, 'NOT_FOUND') ? 'end' : 'trouble';
}
