import { expect, test } from 'vitest';
import { backoffDelay } from './backoff.ts';

test('waiting doubles up to its maximum, the upper half by chance', () => {
  const options = { initialMs: 100, maximumMs: 5_000 };
  expect([0, 1, 2, 10, 1000].map((attempt) => backoffDelay(attempt, options, () => 1))).toEqual([
    100, 200, 400, 5_000, 5_000,
  ]);
  expect(backoffDelay(3, options, () => 0)).toBe(400);
});
