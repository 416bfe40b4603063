import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { databaseKinds, startDatabase, type TestDatabase } from '../../../tests/fixtures/databases.ts';
import { deferred } from '../../../tests/fixtures/deferred.ts';
import { JobHost, newPrincipal } from '../../../tests/fixtures/job-host.ts';
import type { Principal } from '../ports/principal.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let started: TestDatabase;
  let ada: Principal;
  let host: JobHost;

  beforeAll(async () => {
    started = await startDatabase(kind);
    ada = await newPrincipal(started.database, 'ada');
  });
  afterAll(() => started.stop());
  beforeEach(() => {
    host = new JobHost(started.database, ada);
  });
  afterEach(() => host.close());

  test('undoing is repeated until it works, also by the next process', async () => {
    const failing = host.remembered('disk', () => Promise.reject(new Error('no')));
    const tried = deferred();
    const jobs = host.newRunner([
      {
        ...failing,
        undo: async () => {
          if (host.did.push('try') > 3) tried.resolve();
          throw new Error('busy');
        },
      },
    ]);
    jobs.start();
    const { id } = await jobs.enqueue(host.newJob());
    await tried.promise;
    await jobs.close();
    expect((await host.newStore().find(id))?.state).toBe('undoing');
    const next = host.newRunner([failing]);
    next.start();
    expect((await next.finished(id)).job).toMatchObject({ state: 'failed', error: { code: 'INTERNAL' } });
    expect(host.did.at(-1)).toBe('undo disk');
  });

  test('cancelling a queued job ends it, giving back what its first step had reserved', async () => {
    const jobs = host.newRunner([host.remembered('reserve'), host.remembered('disk')]);
    const { id } = await jobs.enqueue(host.newJob());
    expect(await jobs.cancel(ada, id)).toMatchObject({ cancelRequested: true });
    jobs.start();
    expect((await jobs.finished(id)).job).toMatchObject({ state: 'cancelled', error: null });
    expect(host.did).toEqual(['undo reserve']);

    await jobs.close();
    const bare = host.newRunner([{ name: 'disk', run: () => Promise.resolve() }]);
    const other = await bare.enqueue(host.newJob());
    expect(await bare.cancel(ada, other.id)).toMatchObject({ state: 'cancelled', step: null });
    // A finished job stays as it is.
    expect(await bare.cancel(ada, other.id)).toMatchObject({ state: 'cancelled' });
  });

  test('cancelling a running job aborts its step and undoes it; one that is undoing goes on', async () => {
    const { step, reached } = host.endless('disk');
    const jobs = host.newRunner([host.remembered('reserve'), step]);
    jobs.start();
    const { id } = await jobs.enqueue(host.newJob());
    await reached;
    await jobs.cancel(ada, id);
    expect((await jobs.finished(id)).job).toMatchObject({
      state: 'cancelled',
      error: null,
      cancelRequested: true,
    });
    expect(host.did).toEqual(['reserve', 'disk', 'undo disk', 'undo reserve']);

    const [undoing, go] = [deferred(), deferred()];
    const slow = host.newRunner([
      {
        ...host.remembered('disk', () => Promise.reject(new Error('no'))),
        undo: async () => {
          undoing.resolve();
          await go.promise;
        },
      },
    ]);
    await jobs.close();
    slow.start();
    const failing = await slow.enqueue(host.newJob());
    await undoing.promise;
    expect(await slow.cancel(ada, failing.id)).toMatchObject({ state: 'undoing', cancelRequested: true });
    go.resolve();
    expect((await slow.finished(failing.id)).job.state).toBe('failed');
  });

  test('a job whose last step ended in spite of the wish to cancel is undone all the same', async () => {
    const [reached, go] = [deferred(), deferred()];
    const jobs = host.newRunner([
      host.remembered('disk', async () => {
        reached.resolve();
        await go.promise;
      }),
    ]);
    jobs.start();
    const { id } = await jobs.enqueue(host.newJob());
    await reached.promise;
    await jobs.cancel(ada, id);
    go.resolve();
    expect((await jobs.finished(id)).job.state).toBe('cancelled');
    expect(host.did).toEqual(['disk', 'undo disk']);
  });

  test('a service that stops interrupts without undoing; the next one goes on', async () => {
    const { step, reached } = host.endless('seed');
    const jobs = host.newRunner([host.remembered('disk'), step]);
    jobs.start();
    const { id } = await jobs.enqueue(host.newJob());
    await reached;
    await jobs.close();
    expect(await host.newStore().find(id)).toMatchObject({
      state: 'running',
      step: 1,
      attempt: 0,
      error: null,
    });
    const next = host.newRunner([host.remembered('disk'), host.remembered('seed')]);
    next.start();
    expect((await next.finished(id)).job.state).toBe('done');
    expect(host.did).toEqual(['disk', 'seed', 'seed']);
  });

  test('whoever lost the lease writes nothing more, and is told to stop', async () => {
    const [reached, aborted, go] = [deferred(), deferred(), deferred()];
    const stale = host.newRunner([
      host.remembered('disk', async ({ signal }) => {
        signal.addEventListener('abort', aborted.resolve, { once: true });
        reached.resolve();
        await go.promise;
        return { by: 'stale' };
      }),
    ]);
    stale.start();
    const { id } = await stale.enqueue(host.newJob());
    await reached.promise;
    const successor = host.newRunner([host.remembered('disk', () => Promise.resolve({ by: 'successor' }))]);
    successor.start();
    expect((await successor.finished(id)).job.state).toBe('done');
    await aborted.promise;
    go.resolve();
    expect((await stale.finished(id)).job.state).toBe('done');
    await stale.close();
    expect(await host.newStore().find(id)).toMatchObject({ state: 'done', stepState: { by: 'successor' } });
    expect(host.did).toEqual(['disk', 'disk']);
  });

  test('the lease of a process that hangs runs out', async () => {
    const store = host.newStore();
    const { id } = await store.insert(host.newJob());
    const claim = (owner: string) =>
      store.claim({
        owner,
        leaseMs: 60_000,
        room: new Map([['machine.create', 1]]),
        limit: 1,
        undoLimit: 0,
        except: [],
      });
    expect((await claim('one')).map((job) => job.id)).toEqual([id]);
    expect(await claim('two')).toEqual([]);
    await started.database.run((db) =>
      db
        .updateTable('job')
        .set({ lease_until: sql`now() - interval '1 second'` })
        .where('id', '=', id)
        .execute(),
    );
    expect((await claim('two')).map((job) => job.id)).toEqual([id]);
    expect(await store.save({ jobId: id, owner: 'one' }, { step: 1 })).toBeNull();
    expect(await store.renew('one', [id], 60_000)).toEqual([]);
  });
});
