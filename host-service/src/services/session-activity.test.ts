import { randomUUID } from 'node:crypto';
import { type SessionId, sessionId } from '@limen/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { SessionActivity } from './session-activity.ts';

const newId = (): SessionId => sessionId.parse(randomUUID());
afterEach(() => vi.useRealTimers());

test('knows nothing of a session it has not been told of', () => {
  expect(new SessionActivity(1000).isActive(newId())).toBeUndefined();
});

test('a slow query that still found the session alive does not bring it back', () => {
  const activity = new SessionActivity(1000);
  const id = newId();
  activity.markActive(id);
  activity.markRevoked(id);
  activity.markActive(id);
  expect(activity.isActive(id)).toBe(false);
});

test('forgets a revoked session once no access token of it can be valid', () => {
  const activity = new SessionActivity(1000);
  const id = newId();
  activity.markRevoked(id);
  vi.useFakeTimers({ now: Date.now() + 1001 });
  activity.markRevoked(newId());
  expect(activity.isActive(id)).toBeUndefined();
});

test('tells every listener, until it no longer listens', () => {
  const activity = new SessionActivity(1000);
  const seen: string[] = [];
  const stop = activity.onRevoked((id) => seen.push(`a ${id}`));
  activity.onRevoked((id) => seen.push(`b ${id}`));
  const [first, second] = [newId(), newId()];
  activity.markRevoked(first);
  stop();
  activity.markRevoked(second);
  expect(seen).toEqual([`a ${first}`, `b ${first}`, `b ${second}`]);
});

test('remembers a bounded number of active sessions', () => {
  const activity = new SessionActivity(1000);
  const oldest = newId();
  activity.markActive(oldest);
  for (let i = 0; i < 10_000; i += 1) activity.markActive(newId());
  expect(activity.isActive(oldest)).toBeUndefined();
});
