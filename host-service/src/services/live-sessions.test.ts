import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InMemorySessions, principalOf } from '../../../tests/fixtures/in-memory-ports.ts';
import { LiveSessions, type SessionEnd } from './live-sessions.ts';

let sessions: InMemorySessions;
let live: LiveSessions;
let ends: SessionEnd[];

beforeEach(() => {
  vi.useFakeTimers();
  sessions = new InMemorySessions();
  live = new LiveSessions(sessions, 60_000);
  ends = [];
});

afterEach(() => {
  live.close();
  vi.useRealTimers();
});

const end = (why: SessionEnd): void => {
  ends.push(why);
};

function principal(lifeMs = 10_000) {
  return principalOf('user', { expiresAt: Date.now() + lifeMs });
}

test('what is held ends with a revocation, once', () => {
  const held = principal();
  live.hold(held, end);
  live.hold(held, end);
  live.hold(principal(), end);
  if (held.sessionId) sessions.revoke(held.sessionId);
  if (held.sessionId) sessions.revoke(held.sessionId);
  expect(ends).toEqual(['revoked', 'revoked']);
});

test('a token that runs out ends what is held only after a grace', () => {
  live.hold(principal(), end);
  vi.advanceTimersByTime(69_000);
  expect(ends).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(ends).toEqual(['expired']);
});

test('a renewal on one connection keeps what the session holds on others', () => {
  const first = principal();
  live.hold(first, end);
  live.hold({ ...first, expiresAt: Date.now() + 100_000 }, () => {});
  vi.advanceTimersByTime(120_000);
  expect(ends).toEqual([]);
});

test('what was released hears nothing, and leaves nothing behind', () => {
  const held = principal();
  const release = live.hold(held, end);
  release();
  expect(vi.getTimerCount()).toBe(0);
  if (held.sessionId) sessions.revoke(held.sessionId);
  expect(ends).toEqual([]);
});

test('the control socket has no session, and no end', () => {
  live.hold(principalOf('administrator', { sessionId: null, expiresAt: Infinity }), end);
  expect(vi.getTimerCount()).toBe(0);
});
