import { randomUUID } from 'node:crypto';
import { hostId, machineId, userId } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds, startDatabase, type TestDatabase } from '../../../../tests/fixtures/databases.ts';
import type { AuditEntry } from '../../ports/audit.ts';
import { AccountRepository } from './accounts.ts';
import { AuditRepository } from './audit.ts';
import { OwnershipRepository } from './ownership.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let started: TestDatabase;
  beforeAll(async () => {
    started = await startDatabase(kind);
  });
  afterAll(() => started.stop());

  test('of several services that make the first administrator at once, one does', async () => {
    const accounts = new AccountRepository(started.database);
    // As many connections as the pool has, opened before: they would come one after the other otherwise.
    const everyConnection = Array.from({ length: 8 }, (_, n) => `x${n}`);
    await Promise.all(everyConnection.map(() => accounts.list()));
    const made = await Promise.all(
      everyConnection.map((username) =>
        accounts.createFirstAdministrator({ username, passwordHash: 'x', role: 'administrator' }),
      ),
    );
    const created = made.filter((account) => account !== null);
    expect(created).toHaveLength(1);
    expect(await accounts.firstAdministrator()).toEqual(created[0]);
  });

  test('accounts are listed by code point, whatever the database’s locale', async () => {
    const accounts = new AccountRepository(started.database);
    for (const username of ['b_b', 'bb', 'b.b', 'ba']) {
      await accounts.create({ username, passwordHash: 'x', role: 'user' });
    }
    const names = (await accounts.list()).map((account) => account.username);
    expect(names.filter((name) => name.startsWith('b'))).toEqual(['b.b', 'b_b', 'ba', 'bb']);
    expect(await accounts.find(userId.parse(randomUUID()))).toBeNull();
  });

  test('a machine belongs to one user or to nobody', async () => {
    const accounts = new AccountRepository(started.database);
    const ownership = new OwnershipRepository(started.database);
    const ada = await accounts.create({ username: 'ada', passwordHash: 'x', role: 'user' });
    const eve = await accounts.create({ username: 'eve', passwordHash: 'x', role: 'user' });
    const machine = machineId.parse(randomUUID());
    await ownership.set(machine, eve.id);
    expect(await ownership.set(machine, ada.id)).toEqual({ id: ada.id, username: 'ada' });
    expect(await ownership.all()).toEqual(new Map([[machine, { id: ada.id, username: 'ada' }]]));
    expect(await ownership.set(machine, null)).toBeNull();
    expect(await ownership.all()).toEqual(new Map());
    const stranger = userId.parse(randomUUID());
    await expect(ownership.set(machine, stranger)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      data: { kind: 'user', id: stranger },
    });
  });

  test('the audit log keeps what it is given, and forgets what is too old', async () => {
    const audit = new AuditRepository(started.database, hostId.parse(randomUUID()));
    const entry: AuditEntry = {
      at: new Date('2026-01-01T00:00:00Z'),
      requestId: 'r1',
      procedure: 'machines.power',
      actor: { userId: userId.parse(randomUUID()), username: 'ada', sessionId: null },
      address: 'local',
      target: { kind: 'machine', id: 'm1' },
      outcome: 'FORBIDDEN',
      detail: { action: 'start', note: 'it’s "quoted"' },
    };
    await audit.record(entry);
    await audit.record({ ...entry, at: new Date(), actor: null, target: null, outcome: 'ok' });
    const rows = await started.database.run((db) =>
      db.selectFrom('audit_log').selectAll().orderBy('id').execute(),
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      username: 'ada',
      target_id: 'm1',
      outcome: 'FORBIDDEN',
      detail: entry.detail,
    });
    expect(typeof rows[0]?.id).toBe('number');
    expect(await audit.prune(new Date('2026-06-01T00:00:00Z'))).toBe(1);
  });
});
