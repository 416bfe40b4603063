import { setTimeout as delay } from 'node:timers/promises';
import { LimenError } from '@limen/contract';
import { type BackOff, delayAfter } from './back-off.ts';

const BACK_OFF: BackOff = { firstMs: 100, lastMs: 2_000 };

/** What the database answers when asking again is the right thing to do: it is away, or was busy with others. */
function isPassing(error: unknown): boolean {
  return (
    LimenError.is(error, 'DATABASE_UNAVAILABLE') ||
    LimenError.is(error, 'TIMEOUT') ||
    (LimenError.is(error, 'CONFLICT') && error.data.reason === 'busy')
  );
}

/**
 * Do something with the database however long it is away. `work` may have been done although its answer was lost, so
 * it must be repeatable. Rejects with what the last try did once `signal` aborts; there is always one try.
 */
export async function persist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || signal.aborted) throw error;
      // The abort only ends the waiting; the work gets its last try.
      await delay(delayAfter(attempt, BACK_OFF), undefined, { signal }).catch(() => undefined);
    }
  }
}
