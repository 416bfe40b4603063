import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Throttle } from './throttle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first comes through at once, then the last of each while, by key', () => {
  const passed: string[] = [];
  const throttle = new Throttle<string, number>(250, (key, value) => passed.push(`${key}${value}`));
  for (let n = 0; n < 10; n += 1) throttle.offer('a', n);
  throttle.offer('b', 0);
  expect(passed).toEqual(['a0', 'b0']);
  vi.advanceTimersByTime(250);
  expect(passed).toEqual(['a0', 'b0', 'a9']);
  throttle.offer('a', 10);
  expect(passed).toHaveLength(3);
  vi.advanceTimersByTime(250);
  expect(passed.at(-1)).toBe('a10');
  vi.advanceTimersByTime(1_000);
  throttle.offer('a', 11);
  expect(passed.slice(3)).toEqual(['a10', 'a11']);
});

test('what is forgotten or closed does not come through late', () => {
  const passed: number[] = [];
  const throttle = new Throttle<string, number>(250, (_key, value) => passed.push(value));
  throttle.offer('a', 0);
  throttle.offer('a', 1);
  throttle.forget('a');
  throttle.offer('b', 2);
  throttle.offer('b', 3);
  throttle.close();
  vi.advanceTimersByTime(1_000);
  expect(passed).toEqual([0, 2]);
});
