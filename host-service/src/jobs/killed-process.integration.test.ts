import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allFaults } from '../../../tests/fixtures/all-faults.ts';
import { databaseKinds, silentLogger } from '../../../tests/fixtures/databases.ts';
import {
  inconsistencies,
  JobsProgram,
  type JobsProgramOptions,
  type ProgramJob,
} from '../../../tests/fixtures/jobs-program.ts';
import { type PrivatePostgres, startPostgres } from '../../../tests/fixtures/postgres.ts';
import type { Database } from '../database/database.ts';
import { createDatabase } from '../database/open-database.ts';
import { AccountRepository } from '../database/repositories/accounts.ts';

const FORWARD = ['before-prepare', 'after-prepare', 'mid-run', 'after-run', 'after-save'];
const BACK = ['before-undo', 'mid-undo', 'after-undo'];

/** One job for each moment of each step; those that die while they undo have to fail or be cancelled first. */
const oneDeathEach: ProgramJob[] = ['disk', 'seed'].flatMap((step) => [
  ...FORWARD.map((moment) => ({ dieAt: `${step} ${moment}` })),
  ...BACK.map((moment, n) => ({
    dieAt: `${step} ${moment}`,
    ...(n === 1 ? { cancelIn: 'seed' } : { fails: true }),
  })),
]);

/** Jobs that a random kill has to catch unfinished before we believe it. */
const RANDOM_POINTS = allFaults ? 100 : 25;

describe.each(databaseKinds)('on %s', (kind) => {
  let base: string;
  let postgres: PrivatePostgres | null;
  let user: JobsProgramOptions['user'];

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'limen-jobs-'));
    postgres = kind === 'postgresql' ? await startPostgres() : null;
    user = await withDatabase(async (database) => {
      const ada = { username: 'ada', passwordHash: 'x', role: 'user' } as const;
      const { id, username } = await new AccountRepository(database).create(ada);
      return { userId: id, username };
    });
  });
  afterAll(async () => {
    await postgres?.stop();
    await rm(base, { recursive: true, force: true });
  });

  const location = () => ({ url: postgres?.url ?? null, dataDirectory: join(base, 'data') });

  /** Between the lives of programs only: the embedded database belongs to one process. */
  async function withDatabase<T>(look: (database: Database) => Promise<T>): Promise<T> {
    const database = createDatabase({ ...location(), logger: silentLogger });
    await database.open();
    try {
      return await look(database);
    } finally {
      await database.close();
    }
  }

  const problems = (host: JobsProgramOptions) =>
    withDatabase((database) => inconsistencies(database, host.folder, host.hostId));

  function newHost(concurrency: number): JobsProgramOptions {
    const hostId = randomUUID();
    return {
      ...location(),
      folder: join(base, hostId),
      hostId,
      user,
      enqueue: [],
      concurrency,
      endless: false,
    };
  }

  test('killed at every moment of every step, each job is done or undone', async () => {
    // One after another: what another job's death cuts off between a save and the moment after it never has that moment.
    const host = newHost(1);
    let deaths = 0;
    for (let enqueue = oneDeathEach; ; enqueue = []) {
      if ((await new JobsProgram({ ...host, enqueue }).ended()) === 'done') break;
      deaths += 1;
    }
    expect(deaths).toBe(oneDeathEach.length);
    expect(await readdir(join(host.folder, 'deaths'))).toHaveLength(oneDeathEach.length);
    expect(await problems(host)).toEqual([]);
  });

  test('killed at random moments, each job is done or undone', async () => {
    const host = newHost(16);
    let caught = 0;
    while (caught < RANDOM_POINTS) {
      const program = new JobsProgram({ ...host, endless: true });
      caught += await program.interrupted;
      await delay(Math.random() * 200);
      await program.kill();
    }
    expect(await new JobsProgram(host).ended()).toBe('done');
    expect(await problems(host)).toEqual([]);
  });

  test.runIf(kind === 'postgresql')('hosts that share it leave each other’s jobs alone', async () => {
    const [one, other] = [newHost(4), newHost(4)];
    const alive = new JobsProgram({ ...one, enqueue: [{}, { fails: true }, { cancelIn: 'disk' }] });
    const killed = new JobsProgram({ ...other, enqueue: [{ dieAt: 'seed mid-run' }, {}, {}, {}, {}] });
    expect(await Promise.all([alive.ended(), killed.ended()])).toEqual(['done', 'killed']);
    // Nobody takes up what the dead one left behind but its own successor.
    expect(await new JobsProgram(one).ended()).toBe('done');
    expect(await problems(one)).toEqual([]);
    expect(await problems(other)).not.toEqual([]);
    expect(await new JobsProgram(other).ended()).toBe('done');
    expect(await problems(other)).toEqual([]);
  });
});
