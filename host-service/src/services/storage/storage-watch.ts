import { LimenError } from '@limen/contract';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import { Pulse } from '../pulse.ts';

const RETRY_MS = 2_000;
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
export async function* watchStorage<T>(
  deps: StorageWatchDependencies<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const pulse = new Pulse();
  let stale = true;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(timer);
    timer = undefined;
    stale = true;
    pulse.beat();
  };
  const lookIn = (ms: number): void => {
    timer ??= setTimeout(look, ms).unref();
  };
  const refresh = (): void => {
    void deps.refresh().finally(look);
  };
  const subscriptions = [deps.onChanged(look), deps.onUsersChanged(() => lookIn(SETTLED_AFTER_MS))];
  const untold = setInterval(refresh, UNTOLD_CHANGES_MS).unref();
  let told: string | null = null;
  try {
    refresh();
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

/** Null when it may work later. Who has seen nothing yet is told what is wrong, unless something is only away. */
async function readOrNull<T>(
  { read, logger }: StorageWatchDependencies<T>,
  first: boolean,
): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (LimenError.is(error, 'HYPERVISOR_UNAVAILABLE') || LimenError.is(error, 'DATABASE_UNAVAILABLE'))
      return null;
    if (first || LimenError.is(error, 'NOT_FOUND')) throw error;
    logger.warn({ err: error }, 'could not read the storage; trying again');
    return null;
  }
}
