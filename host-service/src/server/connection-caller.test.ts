import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InMemorySessions, principalOf } from '../../../tests/fixtures/in-memory-ports.ts';
import { LiveSessions } from '../services/live-sessions.ts';
import { ConnectionCaller } from './connection-caller.ts';

let sessions: InMemorySessions;
let live: LiveSessions;
const onRevoked = vi.fn<() => void>();

beforeEach(() => {
  vi.useFakeTimers();
  onRevoked.mockReset();
  sessions = new InMemorySessions();
  live = new LiveSessions(sessions, 60_000);
});

afterEach(() => {
  live.close();
  vi.useRealTimers();
});

function connect(): ConnectionCaller {
  return new ConnectionCaller('192.0.2.1', live, { onRevoked });
}

function principal() {
  return principalOf('user', { expiresAt: Date.now() + 10_000 });
}

test('streams outlive the token by a grace, then end as expired; the principal stays, for calls to be told', () => {
  const caller = connect();
  caller.adopt(principal());
  const { tenure } = caller;
  vi.advanceTimersByTime(69_000);
  expect(tenure.aborted).toBe(false);
  vi.advanceTimersByTime(2_000);
  expect(tenure.reason).toMatchObject({ code: 'UNAUTHENTICATED', data: { reason: 'expired' } });
  expect(caller.principal).not.toBeNull();
  expect(onRevoked).not.toHaveBeenCalled();
});

test('after an expiry, a renewal begins a tenure that can end again', () => {
  const caller = connect();
  const first = principal();
  caller.adopt(first);
  vi.advanceTimersByTime(71_000);
  caller.adopt({ ...first, expiresAt: Date.now() + 10_000 });
  const { tenure } = caller;
  expect(tenure.aborted).toBe(false);
  vi.advanceTimersByTime(71_000);
  expect(tenure.aborted).toBe(true);
});

test('a renewal keeps the tenure, another session ends it', () => {
  const caller = connect();
  const first = principal();
  caller.adopt(first);
  const { tenure } = caller;
  caller.adopt({ ...first, expiresAt: Date.now() + 20_000 });
  expect(caller.tenure).toBe(tenure);
  caller.adopt(principal());
  expect(tenure.aborted).toBe(true);
  expect(caller.tenure.aborted).toBe(false);
});

test('a revocation leaves nobody signed in', () => {
  const caller = connect();
  const revoked = principal();
  caller.adopt(revoked);
  const { tenure } = caller;
  if (revoked.sessionId) sessions.revoke(revoked.sessionId);
  expect(caller.principal).toBeNull();
  expect(tenure.reason).toMatchObject({ data: { reason: 'revoked' } });
  expect(onRevoked).toHaveBeenCalledOnce();
});

test('the session left behind by signing in as another no longer reaches this connection', () => {
  const caller = connect();
  const first = principal();
  caller.adopt(first);
  caller.adopt(principal());
  if (first.sessionId) sessions.revoke(first.sessionId);
  expect(caller.principal).not.toBeNull();
  expect(onRevoked).not.toHaveBeenCalled();
});

test('a connection that is gone holds nothing, not even what comes late', () => {
  const caller = connect();
  caller.adopt(principal());
  caller.dispose();
  expect(caller.tenure.aborted).toBe(true);
  caller.adopt(principal());
  expect(vi.getTimerCount()).toBe(0);
});
