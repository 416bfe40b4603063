import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

const longest = (failures: number): number => backoffMs(failures, () => 1);

test('doubles from a quarter of a second to five seconds and stays there', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(longest)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  expect(longest(10_000)).toBe(5_000);
});

test('jitters over the upper half only, so that a retry is never immediate', () => {
  expect(backoffMs(1, () => 0)).toBe(125);
  expect(backoffMs(20, () => 0)).toBe(2500);
});
