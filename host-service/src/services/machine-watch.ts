import { LimenError, type MachineId } from '@limen/contract';
import type { Hypervisor, Unsubscribe } from '../ports/hypervisor.ts';
import type { Logger } from '../ports/logger.ts';
import type { Inventory } from './inventory/inventory.ts';
import { Pulse } from './pulse.ts';

/** libvirt tells of some changes (a tray that moves) before its definition says so. */
const SETTLED_AFTER_MS = 1_000;
const RETRY_MS = 2_000;
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
export async function* watchMachine<T>(
  machineId: MachineId,
  deps: MachineWatchDependencies<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const pulse = new Pulse();
  let stale = true;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    stale = true;
    pulse.beat();
  };
  const lookIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(look, ms).unref();
  };
  const onMachine = (changed: MachineId): void => {
    if (changed !== machineId) return;
    look();
    lookIn(SETTLED_AFTER_MS);
  };
  const subscriptions = [
    ...deps.sources.map((subscribe) => subscribe(onMachine)),
    deps.inventory.onChanged(onMachine),
    deps.hypervisor.onStatus(({ state }) => {
      if (state === 'connected') look();
    }),
  ];
  const untold = setInterval(look, UNTOLD_CHANGES_MS).unref();
  let told: string | null = null;
  try {
    while (!signal.aborted) {
      if (!stale) {
        await pulse.next(signal);
        continue;
      }
      stale = false;
      const present: T | null = await readOrNull(deps, told === null);
      if (present === null) {
        lookIn(RETRY_MS);
        continue;
      }
      const text: string = JSON.stringify(present);
      if (text === told) continue;
      told = text;
      yield present;
    }
  } finally {
    clearTimeout(timer);
    clearInterval(untold);
    for (const unsubscribe of subscriptions) unsubscribe();
  }
}

/** Null when it may work later. Who has seen nothing yet is told what is wrong, unless it is libvirt being away. */
async function readOrNull<T>(
  { read, logger }: MachineWatchDependencies<T>,
  first: boolean,
): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (LimenError.is(error, 'HYPERVISOR_UNAVAILABLE')) return null;
    if (first || LimenError.is(error, 'NOT_FOUND')) throw error;
    logger.warn({ err: error }, 'could not read what somebody watches of a machine; trying again');
    return null;
  }
}
