import { expect, test } from 'vitest';
import { InMemoryLogger } from '../../../tests/fixtures/in-memory-ports.ts';
import type { AuditEntry } from '../ports/audit.ts';
import { AuditTrail, auditDetail } from './audit-trail.ts';

test('of an input only harmless fields are kept, and not at any length', () => {
  const input = {
    username: 'a'.repeat(1000),
    password: 'hunter2',
    refreshToken: 'r',
    action: 'start',
    role: 5,
  };
  expect(auditDetail(input)).toEqual({ username: 'a'.repeat(256), action: 'start' });
  for (const odd of [null, undefined, 'text', 5, []]) expect(auditDetail(odd)).toEqual({});
});

test('text that databases refuse keeps nobody out of the log', () => {
  expect(auditDetail({ username: 'a\0b', name: 'half \ud83d 🐧' })).toEqual({
    username: 'a\ufffdb',
    name: 'half \ufffd 🐧',
  });
});

test('of several edits their kinds are kept, each once, and nothing of what is in them', () => {
  const edits = [
    { type: 'add-disk', path: '/secret' },
    { type: 'add-disk' },
    { type: 'set-cpu' },
    null,
    { type: 5 },
    'x',
  ];
  expect(auditDetail({ edits })).toEqual({ edits: 'add-disk set-cpu' });
});

const entry: AuditEntry = {
  at: new Date(0),
  requestId: 'r1',
  procedure: 'machines.power',
  actor: null,
  address: 'local',
  target: null,
  outcome: 'ok',
  detail: {},
};

test('an entry that cannot be written is in the log instead, and fails nothing', async () => {
  const logger = new InMemoryLogger();
  const trail = new AuditTrail({ record: () => Promise.reject(new Error('disk full')) }, logger);
  trail.record(entry);
  await trail.flush();
  expect(logger.lines.join()).toContain('machines.power');
});

test('flushing waits for what is under way', async () => {
  let written = false;
  const record = async (): Promise<void> => {
    await new Promise(setImmediate);
    written = true;
  };
  const trail = new AuditTrail({ record }, new InMemoryLogger());
  trail.record(entry);
  await trail.flush();
  expect(written).toBe(true);
});
