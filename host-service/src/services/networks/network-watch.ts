import { LimenError, type NetworksSnapshot } from '@limen/contract';
import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import { Pulse } from '../pulse.ts';

const RETRY_MS = 2_000;
/** libvirt says nothing of leases and of `virsh net-update`; somebody is looking, so a look now and then pays. */
const UNTOLD_CHANGES_MS = 5_000;
/** A guest that was just started has its lease by then. */
const SETTLED_AFTER_MS = 1_000;

export interface NetworkWatchDependencies {
  readonly hypervisor: Pick<Hypervisor, 'onStatus'>;
  readonly logger: Logger;
  /** Of several asked for at once, one is read. */
  readonly read: () => Promise<NetworksSnapshot>;
  /** Told of everything that may change what is read. */
  readonly onChanged: (listener: () => void) => Unsubscribe;
}

/**
 * All networks, and again whenever something about them differs. While libvirt is away there is silence.
 */
export async function* watchNetworks(
  deps: NetworkWatchDependencies,
  signal: AbortSignal,
): AsyncGenerator<NetworksSnapshot, void, void> {
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
  const subscriptions = [
    deps.onChanged(() => {
      look();
      lookIn(SETTLED_AFTER_MS);
    }),
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
      const present = await readOrNull(deps, told === null);
      if (present === null) {
        lookIn(RETRY_MS);
        continue;
      }
      const text = JSON.stringify(present);
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
async function readOrNull(
  { read, logger }: NetworkWatchDependencies,
  first: boolean,
): Promise<NetworksSnapshot | null> {
  try {
    return await read();
  } catch (error) {
    if (LimenError.is(error, 'HYPERVISOR_UNAVAILABLE')) return null;
    if (first) throw error;
    logger.warn({ err: error }, 'could not read the networks; trying again');
    return null;
  }
}
