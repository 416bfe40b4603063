import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { WorkQueue } from './work-queue.ts';

test('runs so many at a time, queues so many, refuses the rest', async () => {
  const queue = new WorkQueue({ concurrency: 2, waiting: 3 });
  const gate = new EventEmitter();
  const opened = once(gate, 'open');
  let running = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await opened;
    running -= 1;
  };
  const accepted = Array.from({ length: 5 }, () => queue.run(task));
  await expect(queue.run(task)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  gate.emit('open');
  await Promise.all(accepted);
  expect(most).toBe(2);
});

test('a failing task frees its place', async () => {
  const queue = new WorkQueue({ concurrency: 1, waiting: 1 });
  await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await queue.run(() => Promise.resolve('next'))).toBe('next');
});
