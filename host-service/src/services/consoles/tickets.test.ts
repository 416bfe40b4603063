import { LimenError } from '@limen/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InMemorySessions, newMachineId, principalOf } from '../../../../tests/fixtures/in-memory-ports.ts';
import { LiveSessions } from '../live-sessions.ts';
import { Tickets } from './tickets.ts';

const machineId = newMachineId();
const principal = principalOf('user', { expiresAt: Infinity, sessionId: null });
let tickets: Tickets;
let sessions: InMemorySessions;

beforeEach(() => {
  vi.useFakeTimers();
  sessions = new InMemorySessions();
  tickets = new Tickets(new LiveSessions(sessions));
});

afterEach(() => {
  tickets.close();
  vi.useRealTimers();
});

const invalid: unknown = expect.objectContaining({ code: 'UNAUTHENTICATED', data: { reason: 'invalid' } });

test('a ticket is good once, for its machine', () => {
  const { ticket } = tickets.issue(principal, machineId);
  expect(tickets.redeem(ticket, machineId)).toBe(principal);
  expect(() => tickets.redeem(ticket, machineId)).toThrow(invalid);
});

test('a ticket tried on another machine is spent', () => {
  const { ticket } = tickets.issue(principal, machineId);
  expect(() => tickets.redeem(ticket, newMachineId())).toThrow(invalid);
  expect(() => tickets.redeem(ticket, machineId)).toThrow(invalid);
});

test('a ticket runs out after 30 s', () => {
  const { ticket, expiresAt } = tickets.issue(principal, machineId);
  expect(expiresAt.getTime() - Date.now()).toBe(30_000);
  vi.advanceTimersByTime(30_000);
  expect(() => tickets.redeem(ticket, machineId)).toThrow(invalid);
});

test('a ticket ends with its session', () => {
  const withSession = principalOf('user');
  const { ticket } = tickets.issue(withSession, machineId);
  if (withSession.sessionId) sessions.revoke(withSession.sessionId);
  expect(() => tickets.redeem(ticket, machineId)).toThrow(invalid);
});

test('nobody hoards tickets', () => {
  for (let i = 0; i < 32; i += 1) tickets.issue(principal, machineId);
  expect(() => tickets.issue(principal, machineId)).toThrow(LimenError);
  tickets.issue(principalOf('user'), machineId);
});
