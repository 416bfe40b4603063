import type { ErrorCode, LimenError } from '@limen/contract';
import { toOrpcError } from './errors.ts';

interface StreamObserver {
  streamOpened(): () => void;
  finish(outcome: 'ok' | ErrorCode): void;
  fail(error: unknown): LimenError;
}

export function isStream(
  value: unknown,
): value is AsyncIterator<unknown, unknown, unknown> & AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/**
 * Pass a stream on, count it while it lasts, and end it with the tenure's reason when whoever subscribed may no
 * longer listen. The source is expected to end when the tenure aborts.
 */
export async function* guardStream(
  source: AsyncIterable<unknown>,
  tenure: AbortSignal,
  observer: StreamObserver,
): AsyncGenerator<unknown, void, void> {
  const closed = observer.streamOpened();
  let failed = false;
  try {
    yield* source;
    tenure.throwIfAborted();
  } catch (error) {
    failed = true;
    throw toOrpcError(observer.fail(error));
  } finally {
    closed();
    if (!failed) observer.finish('ok');
  }
}
