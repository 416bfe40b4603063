import { LimenError } from '@limen/contract';
import { expect, test } from 'vitest';
import { networkOf } from './network-of.ts';
import { SignInThrottle } from './sign-in-throttle.ts';

function throttleAt(start = 1_000_000) {
  let now = start;
  const throttle = new SignInThrottle(() => now);
  return { throttle, wait: (ms: number) => (now += ms) };
}

function retryAfter(run: () => unknown): number | null {
  try {
    run();
    return null;
  } catch (error) {
    if (LimenError.is(error, 'RATE_LIMITED')) return error.data.retryAfterSeconds;
    throw error;
  }
}

function fail(throttle: SignInThrottle, times: number, account = 'ada', address = '192.0.2.1'): void {
  for (let i = 0; i < times; i += 1) throttle.begin(account, address);
}

test('five tries are free, then the wait doubles up to five minutes', () => {
  const { throttle, wait } = throttleAt();
  fail(throttle, 5);
  const waits: number[] = [];
  for (let i = 0; i < 11; i += 1) {
    const seconds = retryAfter(() => throttle.begin('ada', '192.0.2.1'));
    if (seconds === null) throw new Error('not throttled');
    waits.push(seconds);
    wait(seconds * 1000);
    throttle.begin('ada', '192.0.2.1');
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('attempts count when they begin: a parallel burst is no way around it', () => {
  const { throttle } = throttleAt();
  const refused = Array.from({ length: 100 }, () => retryAfter(() => throttle.begin('ada', '192.0.2.1')));
  expect(refused.filter((seconds) => seconds === null)).toHaveLength(5);
});

test('the right password clears the account’s count', () => {
  const { throttle } = throttleAt();
  fail(throttle, 4);
  throttle.begin('ada', '192.0.2.1').succeeded();
  fail(throttle, 4);
  expect(retryAfter(() => throttle.begin('ada', '192.0.2.1'))).toBeNull();
});

test('nobody can lock another person out from somewhere else', () => {
  const { throttle } = throttleAt();
  fail(throttle, 5);
  expect(retryAfter(() => throttle.begin('ada', '192.0.2.1'))).toBe(1);
  expect(retryAfter(() => throttle.begin('ada', '198.51.100.7'))).toBeNull();
});

test('one address trying many names is slowed down, and an own account buys no guesses', () => {
  const { throttle } = throttleAt();
  for (let i = 0; i < 40; i += 1) {
    throttle.begin(`name${i}`, '192.0.2.1');
    if (i < 39) throttle.begin('mallory', '192.0.2.1').succeeded();
  }
  expect(retryAfter(() => throttle.begin('another', '192.0.2.1'))).toBe(1);
});

test('what was never judged does not count', () => {
  const { throttle } = throttleAt();
  for (let i = 0; i < 50; i += 1) throttle.begin('ada', '192.0.2.1').cancelled();
  expect(retryAfter(() => throttle.begin('ada', '192.0.2.1'))).toBeNull();
});

test('a quarter of an hour of peace forgets', () => {
  const { throttle, wait } = throttleAt();
  fail(throttle, 5);
  wait(15 * 60_000 + 1);
  fail(throttle, 4);
  expect(retryAfter(() => throttle.begin('ada', '192.0.2.1'))).toBeNull();
});

test('an IPv6 customer is one network, IPv4 is the same in either form', () => {
  expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:db8:1:2:bbbb:c:d:e'));
  expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
});
