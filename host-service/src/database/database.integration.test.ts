import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  databaseKinds,
  silentLogger,
  startDatabase,
  type TestDatabase,
} from '../../../tests/fixtures/databases.ts';
import { type PrivatePostgres, startPostgres } from '../../../tests/fixtures/postgres.ts';
import type { Database } from './database.ts';
import { DirectoryLockedError } from './directory-lock.ts';
import { EmbeddedBackend } from './embedded/embedded-backend.ts';
import { migrate } from './migrations/index.ts';
import { createDatabase } from './open-database.ts';

/** Resolves at the next announcement of the wanted state, or at once when it is that already. */
function whenConnected(database: Database, connected: boolean): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = database.onStatus((status) => {
      if (status.connected !== connected) return;
      unsubscribe();
      resolve();
    });
    if (database.status.connected === connected) {
      unsubscribe();
      resolve();
    }
  });
}

describe.each(databaseKinds)('on %s', (kind) => {
  let started: TestDatabase;
  beforeAll(async () => {
    started = await startDatabase(kind);
  });
  afterAll(() => started.stop());

  test('is migrated once, and knows what it is', async () => {
    const { database } = started;
    expect(await database.run((db) => migrate(db))).toEqual([]);
    expect(database.kind).toBe(kind);
    expect(await database.check()).toEqual({ connected: true, version: expect.stringMatching(/^\d+\.\d+$/) });
  });

  test('what a failing transaction did is undone, and the next one is not affected', async () => {
    const { database } = started;
    const account = { username: 'grace', password_hash: 'x', role: 'user' } as const;
    const failing = database.transaction(async (trx) => {
      await trx.insertInto('user_account').values(account).execute();
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toMatchObject({ code: 'INTERNAL', cause: { message: 'changed my mind' } });
    const rows = await database.run((db) => db.selectFrom('user_account').select('username').execute());
    expect(rows).toEqual([]);
  });

  test('an int8 is a number, and one that is too big is refused rather than rounded', async () => {
    const { database } = started;
    const { rows } = await database.run((db) =>
      sql<{ n: number }>`select 9007199254740991::int8 as n`.execute(db),
    );
    expect(rows).toEqual([{ n: 9007199254740991 }]);
    const tooBig = database.run((db) => sql`select 9007199254740993::int8 as n`.execute(db));
    await expect(tooBig).rejects.toMatchObject({ code: 'INTERNAL' });
    expect((await database.check()).connected).toBe(true);
  });

  test('a statement it does not understand is our fault, not the caller’s, and breaks nothing', async () => {
    const { database } = started;
    await expect(database.run((db) => sql`select nonsense`.execute(db))).rejects.toMatchObject({
      code: 'INTERNAL',
    });
    expect((await database.check()).connected).toBe(true);
  });

  test('twenty transactions at once all come through', async () => {
    const { database } = started;
    const one = (n: number): Promise<unknown> =>
      database.transaction((trx) => sql<{ n: number }>`select ${n}::int as n`.execute(trx));
    expect(await Promise.all(Array.from({ length: 20 }, (_, n) => one(n)))).toHaveLength(20);
  });
});

describe('the embedded database', () => {
  let dataDirectory: string;
  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'limen-embedded-'));
  });
  afterEach(() => rm(dataDirectory, { recursive: true }));

  test('loses nothing that was acknowledged when its process is killed, and opens again', async () => {
    const writer = spawn(process.execPath, [
      join(import.meta.dirname, '../../../tests/fixtures/database-writer.mjs'),
      dataDirectory,
    ]);
    let acknowledged = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 200) break;
    }
    const gone = once(writer, 'exit');
    writer.kill('SIGKILL');
    await gone;

    const database = createDatabase({ url: null, dataDirectory, logger: silentLogger });
    await database.open();
    const [row] = await database.run((db) =>
      db
        .selectFrom('audit_log')
        .select((eb) => eb.fn.countAll<number>().as('rows'))
        .execute(),
    );
    await database.close();
    expect(acknowledged).toBe(200);
    expect(row?.rows).toBeGreaterThanOrEqual(acknowledged);
  });

  test('refuses a directory another one has open, names its process, and is free after it', async () => {
    const first = createDatabase({ url: null, dataDirectory, logger: silentLogger });
    const second = createDatabase({ url: null, dataDirectory, logger: silentLogger });
    await first.open();
    await expect(second.open()).rejects.toThrow(DirectoryLockedError);
    await expect(second.open()).rejects.toThrow(`in use by process ${process.pid}`);
    await first.close();
    await second.open();
    expect((await second.check()).connected).toBe(true);
    await second.close();
  });

  test('a connection given up in the middle of a transaction leaves nothing of it to the next', async () => {
    const backend = new EmbeddedBackend(dataDirectory, silentLogger);
    const connection = await backend.open({ onLost: () => undefined, onSuspect: () => undefined });
    const abandoned = await connection.pool.connect();
    await abandoned.query('create table kept (n int)');
    await abandoned.query('begin');
    await abandoned.query('insert into kept values (1)');
    await abandoned.query("set search_path = 'nowhere'");
    abandoned.release(true);
    expect((await connection.pool.query('select n from kept')).rows).toEqual([]);
    await connection.close();
  });

  test('opens again when its thread dies; what waits for an answer is told', async () => {
    const workers: Worker[] = [];
    const remember = (worker: Worker): number => workers.push(worker);
    process.on('worker', remember);
    const database = createDatabase({ url: null, dataDirectory, logger: silentLogger });
    await database.open();
    const lost = whenConnected(database, false);
    const waiting = database.run((db) => sql`select pg_sleep(1)`.execute(db));
    const refused = expect(waiting).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await workers.at(-1)?.terminate();
    await Promise.all([lost, refused]);
    await whenConnected(database, true);
    const rows = await database.run((db) => db.selectFrom('session').selectAll().execute());
    expect(rows).toEqual([]);
    await database.close();
    process.off('worker', remember);
  });

  test('says so when asked before it is open and after it is closed', async () => {
    const database = createDatabase({ url: null, dataDirectory, logger: silentLogger });
    const ask = (): Promise<unknown> => database.run((db) => db.selectFrom('session').selectAll().execute());
    await expect(ask()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await database.close();
    await expect(ask()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });
});

describe('PostgreSQL', () => {
  let postgres: PrivatePostgres;
  let database: Database;
  beforeEach(async () => {
    postgres = await startPostgres();
    database = createDatabase({ url: postgres.url, dataDirectory: '/nonexistent', logger: silentLogger });
  });
  afterEach(async () => {
    await database.close();
    await postgres.stop();
  });

  const ask = (): Promise<unknown> => database.run((db) => db.selectFrom('session').selectAll().execute());

  test('may be away at the start and come later', async () => {
    await postgres.kill();
    const failed = new Promise<void>((resolve) => database.onStatus(() => resolve()));
    database.start();
    await failed;
    expect(database.status.detail).toContain('ECONNREFUSED');
    await expect(ask()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await postgres.start();
    await whenConnected(database, true);
    expect(await ask()).toEqual([]);
  });

  test('may stop and start again: calls fail at once meanwhile, and work after it', async () => {
    await database.open();
    expect(await ask()).toEqual([]);
    const lost = whenConnected(database, false);
    await postgres.kill();
    await lost;
    expect(database.status.detail).not.toBeNull();
    expect(await database.check()).toEqual({ connected: false, version: null });
    await expect(ask()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await postgres.start();
    await whenConnected(database, true);
    expect(await ask()).toEqual([]);
  });

  test('one connection that is cut does not count as the database gone', async () => {
    await database.open();
    const states: boolean[] = [];
    database.onStatus((status) => states.push(status.connected));
    await database.transaction(async (trx) => {
      await sql`create temporary table here (n int)`.execute(trx);
      // In a transaction of its own, so on another connection.
      const cut = database.transaction((other) =>
        sql`select pg_terminate_backend(pg_backend_pid())`.execute(other),
      );
      await expect(cut).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      // Time enough for the suspicion to be followed up.
      await sql`select pg_sleep(0.5)`.execute(trx);
      await sql`insert into here values (1)`.execute(trx);
    });
    expect(states).toEqual([]);
  });

  test('two services that start at once on an empty one migrate it once', async () => {
    const other = createDatabase({ url: postgres.url, dataDirectory: '/nonexistent', logger: silentLogger });
    await Promise.all([database.open(), other.open()]);
    expect(await ask()).toEqual([]);
    await other.close();
  });

  test('from a newer version of the service is refused', async () => {
    await database.open();
    await database.run((db) => sql`insert into kysely_migration values ('9999-future', '2099')`.execute(db));
    const older = createDatabase({ url: postgres.url, dataDirectory: '/nonexistent', logger: silentLogger });
    await expect(older.open()).rejects.toThrow(/9999-future/);
    await older.close();
  });
});
