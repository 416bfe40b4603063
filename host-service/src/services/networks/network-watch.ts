import { LimenError, type NetworksSnapshot } from '@limen/contract';
import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import { every, type Failure, follow, LaterLook } from '../follow.ts';

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
export function watchNetworks(
  { hypervisor, logger, read, onChanged }: NetworkWatchDependencies,
  signal: AbortSignal,
): AsyncGenerator<NetworksSnapshot, void, void> {
  const subscribe = (look: () => void): Unsubscribe[] => {
    const settled = new LaterLook(SETTLED_AFTER_MS, look);
    return [
      onChanged(() => {
        look();
        settled.start();
      }),
      hypervisor.onStatus(({ state }) => {
        if (state === 'connected') look();
      }),
      every(UNTOLD_CHANGES_MS, look),
      () => settled.cancel(),
    ];
  };
  const onTrouble = (error: unknown): void =>
    logger.warn({ err: error }, 'could not read the networks; trying again');
  return follow({ read, subscribe, judge, onTrouble }, signal);
}

function judge(error: unknown): Failure {
  return LimenError.is(error, 'HYPERVISOR_UNAVAILABLE') ? 'away' : 'trouble';
}
