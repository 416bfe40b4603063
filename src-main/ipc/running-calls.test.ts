import { expect, test } from 'vitest';
import { RunningCalls } from './running-calls.ts';

const untilAborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted')));

test('a window cancels its own call and no other window’s', async () => {
  const calls = new RunningCalls();
  let ended = false;
  const call = calls.run(1, 'a', untilAborted).finally(() => {
    ended = true;
  });
  calls.cancel(2, 'a');
  await Promise.resolve();
  expect(ended).toBe(false);
  calls.cancel(1, 'a');
  await expect(call).resolves.toBe('aborted');
});

test('an id is free again when its call has ended, and not before', async () => {
  const calls = new RunningCalls();
  const first = calls.run(1, 'a', untilAborted);
  await expect(calls.run(1, 'a', untilAborted)).rejects.toMatchObject({ code: 'CONFLICT' });
  calls.cancel(1, 'a');
  await first;
  await expect(calls.run(1, 'a', async () => 'again')).resolves.toBe('again');
});
