import { randomUUID } from 'node:crypto';
import { hostId } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '../../../tests/fixtures/databases.ts';
import { deferred } from '../../../tests/fixtures/deferred.ts';
import { principalOf } from '../../../tests/fixtures/in-memory-ports.ts';
import { type PrivatePostgres, startPostgres } from '../../../tests/fixtures/postgres.ts';
import type { Database } from '../database/database.ts';
import { createDatabase } from '../database/open-database.ts';
import { AccountRepository } from '../database/repositories/accounts.ts';
import { JobRepository } from '../database/repositories/jobs.ts';
import type { JobStep } from '../ports/jobs.ts';
import type { Principal } from '../ports/principal.ts';
import { JobRunner } from './job-runner.ts';

type Step = JobStep<unknown, Record<string, unknown>>;

let postgres: PrivatePostgres;
let database: Database;
let ada: Principal;
let jobs: JobRunner;

beforeEach(async () => {
  postgres = await startPostgres();
  database = createDatabase({ url: postgres.url, dataDirectory: '/nonexistent', logger: silentLogger });
  await database.open();
  const account = { username: 'ada', passwordHash: 'x', role: 'user' } as const;
  ada = principalOf('user', { userId: (await new AccountRepository(database).create(account)).id });
  const store = new JobRepository(database, hostId.parse(randomUUID()));
  jobs = new JobRunner({ store, logger: silentLogger, timings: { leaseMs: 300 } });
});
afterEach(async () => {
  await jobs.close();
  await database.close();
  await postgres.stop();
});

const whenLost = (): Promise<void> =>
  new Promise((resolve) => {
    const off = database.onStatus(({ connected }) => {
      if (connected) return;
      off();
      resolve();
    });
  });

async function begin(steps: Step[]): Promise<Awaited<ReturnType<JobRunner['enqueue']>>> {
  jobs.register({ kind: 'machine.create', concurrency: 1, args: z.unknown(), steps });
  jobs.start();
  return jobs.enqueue({ kind: 'machine.create', args: {}, subject: { name: 'web' }, createdBy: ada });
}

test('goes away while a step runs: what the step did is recorded when it is back', async () => {
  const [reached, go] = [deferred(), deferred()];
  let runs = 0;
  const { id } = await begin([
    {
      name: 'disk',
      async run() {
        runs += 1;
        reached.resolve();
        await go.promise;
      },
    },
  ]);
  await reached.promise;
  const lost = whenLost();
  await postgres.kill();
  await lost;
  // What is known is still told.
  expect((await jobs.list(ada)).map(({ state }) => state)).toEqual(['running']);
  const finished = jobs.finished(id);
  go.resolve();
  await postgres.start();
  expect((await finished).job.state).toBe('done');
  expect(runs).toBe(1);
});

test('goes away while a job is undone: the undoing goes on when it is back', async () => {
  const [reached, go] = [deferred(), deferred()];
  const did: string[] = [];
  const { id } = await begin([
    { name: 'disk', run: () => Promise.resolve(), undo: async () => void did.push('disk') },
    {
      name: 'seed',
      run: () => Promise.reject(new Error('no')),
      async undo() {
        did.push('seed');
        reached.resolve();
        await go.promise;
      },
    },
  ]);
  await reached.promise;
  const lost = whenLost();
  await postgres.kill();
  await lost;
  const finished = jobs.finished(id);
  go.resolve();
  await postgres.start();
  expect((await finished).job.state).toBe('failed');
  expect(did).toEqual(['seed', 'disk']);
});

test('is away when the service stops: it stops all the same', async () => {
  const reached = deferred();
  await begin([
    {
      name: 'disk',
      async run({ signal }) {
        reached.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        signal.throwIfAborted();
      },
    },
  ]);
  await reached.promise;
  await postgres.kill();
  await jobs.close();
});
