import { LimenError } from '@limen/contract';

/**
 * Run `work` with a signal that aborts after `ms`, or when `outer` does. Rejects with `TIMEOUT` in the first case
 * and with whatever `work` rejects with otherwise. (`AbortSignal.any` is missing in Node 18.)
 */
export async function withDeadline<T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  if (outer?.aborted === true) abort();
  outer?.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  // A race, because what `work` waits for need not listen to its signal.
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new LimenError('TIMEOUT', { afterSeconds: ms / 1000 }));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
  }
}

/** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
