import { LimenError } from '@limen/contract';
import { expect, test } from 'vitest';
import { delayAfter } from './back-off.ts';
import { persist } from './persistence.ts';

const away = new LimenError('DATABASE_UNAVAILABLE', {});

test('waits for a database that is away, and takes no for an answer', async () => {
  let tries = 0;
  const work = async (): Promise<number> => {
    tries += 1;
    if (tries < 3) throw away;
    return tries;
  };
  expect(await persist(work, new AbortController().signal)).toBe(3);
  const refused = new LimenError('INTERNAL', {});
  await expect(persist(() => Promise.reject(refused), new AbortController().signal)).rejects.toBe(refused);
});

test('gives up with a last try when it is told to', async () => {
  const stopping = new AbortController();
  let tries = 0;
  const trying = persist(async () => {
    tries += 1;
    // While it waits for the next.
    setImmediate(() => stopping.abort());
    throw away;
  }, stopping.signal);
  await expect(trying).rejects.toBe(away);
  expect(tries).toBe(2);
});

test('the delay doubles up to its cap', () => {
  const delays = [1, 2, 3, 4, 5, 1_000].map((attempt) =>
    delayAfter(attempt, { firstMs: 1_000, lastMs: 10_000 }),
  );
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});
