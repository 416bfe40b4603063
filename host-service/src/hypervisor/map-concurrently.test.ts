import { expect, test } from 'vitest';
import { mapConcurrently } from './map-concurrently.ts';

test('keeps the order, and no more under way than allowed', async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (turns) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    running -= 1;
    return turns * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

test('nothing to do, and a failure', async () => {
  expect(await mapConcurrently([], 3, () => Promise.reject(new Error('never called')))).toEqual([]);
  await expect(mapConcurrently([1], 3, () => Promise.reject(new Error('why')))).rejects.toThrow('why');
});
