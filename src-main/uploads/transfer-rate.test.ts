import { expect, test } from 'vitest';
import { TransferRate } from './transfer-rate.ts';

function rateOf(...samples: readonly (readonly [at: number, bytes: number])[]): TransferRate {
  const rate = new TransferRate();
  for (const [at, bytes] of samples) rate.add(bytes, at);
  return rate;
}

test('says nothing before a second has passed', () => {
  const rate = rateOf([0, 0], [900, 900]);
  expect(rate.bytesPerSecond).toBeNull();
  expect(rate.secondsFor(1)).toBeNull();
});

test('is the mean of the last five seconds', () => {
  const rate = rateOf([0, 0], [1_000, 9_000], [4_000, 9_000], [6_500, 10_000]);
  expect(rate.bytesPerSecond).toBe(400);
  expect(rate.secondsFor(1_000)).toBe(3);
});

test('a line that stands still has no end in sight', () => {
  const rate = rateOf([0, 500], [2_000, 500]);
  expect(rate.bytesPerSecond).toBe(0);
  expect(rate.secondsFor(1)).toBeNull();
});

test('begins anew when the host turns out to have less', () => {
  expect(rateOf([0, 0], [2_000, 5_000], [3_000, 1_000]).bytesPerSecond).toBeNull();
});
