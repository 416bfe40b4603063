import { LimenError } from '@limen/contract';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import { every, type Failure, follow } from '../follow.ts';

/** Machines change in bursts; who uses which volume need not be told between. */
const SETTLED_AFTER_MS = 500;
/** libvirt says nothing of volumes; somebody is looking, so a look now and then pays. */
const UNTOLD_CHANGES_MS = 15_000;

export interface StorageWatchDependencies<T> {
  /** Of several asked for at once, one is read. */
  readonly read: () => Promise<T>;
  /** Told at once of what libvirt or we did to pools and volumes. */
  readonly onChanged: (listener: () => void) => Unsubscribe;
  /** Told of what may change who uses a volume. */
  readonly onUsersChanged: (listener: () => void) => Unsubscribe;
  /** Have libvirt look at what lies in pools that others write to as well; its events tell what came of it. */
  readonly refresh: () => Promise<void>;
  readonly logger: Logger;
}

/**
 * What is there now, and again whenever it differs. Ends with `NOT_FOUND` when what is looked at is gone. While
 * libvirt or the database is away there is silence.
 */
export function watchStorage<T>(
  { read, onChanged, onUsersChanged, refresh, logger }: StorageWatchDependencies<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const subscribe = (look: () => void): Unsubscribe[] => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (): void => {
      clearTimeout(timer);
      timer = undefined;
      look();
    };
    const refreshed = (): void => {
      void refresh().finally(settle);
    };
    refreshed();
    return [
      onChanged(settle),
      // Not put off by the next one: of many machines one changes all the time.
      onUsersChanged(() => {
        timer ??= setTimeout(settle, SETTLED_AFTER_MS).unref();
      }),
      every(UNTOLD_CHANGES_MS, refreshed),
      () => clearTimeout(timer),
    ];
  };
  const onTrouble = (error: unknown): void =>
    logger.warn({ err: error }, 'could not read the storage; trying again');
  return follow({ read, subscribe, judge, onTrouble }, signal);
}

function judge(error: unknown): Failure {
  if (LimenError.is(error, 'HYPERVISOR_UNAVAILABLE') || LimenError.is(error, 'DATABASE_UNAVAILABLE'))
    return 'away';
  return LimenError.is(error, 'NOT_FOUND') ? 'end' : 'trouble';
}
