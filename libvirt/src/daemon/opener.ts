import type { Duplex } from 'node:stream';
import { ConnectionLostError, DeadlineError } from '../errors/libvirt-error.ts';

/**
 * Yields a connected duplex to a daemon; called once per connection. Rejects with ConnectionLostError. When the
 * signal fires it gives up and leaves nothing open.
 */
export type OpenDuplex = (signal: AbortSignal) => Promise<Duplex>;

export interface OpenLimits {
  readonly timeoutMs: number;
  /** Gives the opening up; rejects with ConnectionLostError. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Open within a deadline, whether or not the opener heeds its signal: a duplex that comes too late is destroyed.
 * Rejects with DeadlineError, ConnectionLostError, or what the opener rejects with.
 */
export function openWithin(open: OpenDuplex, { timeoutMs, signal }: OpenLimits): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const giveUp = new AbortController();
    let waiting = true;
    const settle = (act: () => void) => {
      waiting = false;
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      act();
    };
    const abandon = (error: Error) =>
      settle(() => {
        reject(error);
        giveUp.abort(error);
      });
    const stop = () => abandon(new ConnectionLostError('connecting was given up'));
    const timer = setTimeout(() => abandon(new DeadlineError('connecting to libvirt', timeoutMs)), timeoutMs);
    if (signal?.aborted === true) return stop();
    signal?.addEventListener('abort', stop, { once: true });
    open(giveUp.signal)
      .then((duplex) => {
        if (waiting) return settle(() => resolve(duplex));
        duplex.on('error', () => undefined);
        return void duplex.destroy();
      })
      .catch((error: unknown) => {
        if (waiting) settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      });
  });
}
