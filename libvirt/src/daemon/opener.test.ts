import { Duplex } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { deferred } from '../../../tests/fixtures/deferred.ts';
import { ConnectionLostError, DeadlineError } from '../errors/libvirt-error.ts';
import { openWithin } from './opener.ts';

const newDuplex = () => new Duplex({ read: () => undefined });

test('yields what the opener opens, and rejects as it rejects', async () => {
  const duplex = newDuplex();
  expect(await openWithin(async () => duplex, { timeoutMs: 1_000 })).toBe(duplex);
  const failing = openWithin(() => Promise.reject(new ConnectionLostError('nobody there')), {
    timeoutMs: 1_000,
  });
  await expect(failing).rejects.toThrow('nobody there');
});

test('an opener that takes too long is told, and what it still opens is destroyed', async () => {
  vi.useFakeTimers();
  try {
    const arrives = deferred();
    const duplex = newDuplex();
    const signals: AbortSignal[] = [];
    const opening = openWithin(
      async (signal) => {
        signals.push(signal);
        await arrives.promise;
        return duplex;
      },
      { timeoutMs: 1_000 },
    );
    const outcome = expect(opening).rejects.toBeInstanceOf(DeadlineError);
    vi.advanceTimersByTime(1_000);
    await outcome;
    expect(signals[0]?.aborted).toBe(true);
    arrives.resolve();
    await vi.waitFor(() => expect(duplex.destroyed).toBe(true));
  } finally {
    vi.useRealTimers();
  }
});

test('a signal gives it up, before or meanwhile', async () => {
  const stop = new AbortController();
  const open = vi.fn(() => new Promise<Duplex>(() => undefined));
  const opening = openWithin(open, { timeoutMs: 60_000, signal: stop.signal });
  stop.abort();
  await expect(opening).rejects.toBeInstanceOf(ConnectionLostError);
  await expect(openWithin(open, { timeoutMs: 60_000, signal: stop.signal })).rejects.toBeInstanceOf(
    ConnectionLostError,
  );
  expect(open).toHaveBeenCalledTimes(1);
});
