import { randomUUID } from 'node:crypto';
import { hostId, type Job, type JobId, type JobsEvent, LimenError } from '@limen/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { databaseKinds, startDatabase, type TestDatabase } from '../../../tests/fixtures/databases.ts';
import { deferred } from '../../../tests/fixtures/deferred.ts';
import { JobHost, newPrincipal, QUICK_JOBS, type TestStep } from '../../../tests/fixtures/job-host.ts';
import { insertJob, JobRepository } from '../database/repositories/jobs.ts';
import type { Principal } from '../ports/principal.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let started: TestDatabase;
  let ada: Principal;
  let eve: Principal;
  let root: Principal;
  let host: JobHost;

  beforeAll(async () => {
    started = await startDatabase(kind);
    ada = await newPrincipal(started.database, 'ada');
    eve = await newPrincipal(started.database, 'eve');
    root = await newPrincipal(started.database, 'root', 'administrator');
  });
  afterAll(() => started.stop());
  beforeEach(() => {
    host = new JobHost(started.database, ada);
  });
  afterEach(() => host.close());

  test('a job does its steps in order, with what they recorded, and keeps a log', async () => {
    const ended: Job[] = [];
    const jobs = host.newRunner(
      [
        { name: 'disk', prepare: () => ({ path: 'a\0b' }), run: async ({ log }) => log('made\nit') },
        { name: 'seed', run: async ({ state }) => void host.did.push(JSON.stringify(state)) },
      ],
      { onFinished: (job) => ended.push(job) },
    );
    jobs.start();
    const { id } = await jobs.enqueue(host.newJob());
    const { job, error } = await jobs.finished(id);
    expect(job).toMatchObject({ state: 'done', step: null, fraction: 1, createdBy: { username: 'ada' } });
    expect(error).toBeNull();
    expect(host.did).toEqual(['{"path":"a\u{fffd}b"}']);
    expect((await jobs.get(ada, id)).log.map(({ text }) => text)).toEqual(['made it']);
    expect(ended).toEqual([job]);
    expect(await jobs.finished(id)).toEqual({ job, error: null });
  });

  test('a step that fails takes back itself and what came before', async () => {
    const full = new LimenError('STORAGE_FULL', { path: '/x' });
    const jobs = host.newRunner([
      host.remembered('disk'),
      host.remembered('seed', () => Promise.reject(full)),
      host.remembered('domain'),
    ]);
    jobs.start();
    const { id } = await jobs.enqueue(host.newJob());
    const { job, error } = await jobs.finished(id);
    expect(job.state).toBe('failed');
    expect(error?.toJSON()).toEqual(full.toJSON());
    expect(host.did).toEqual(['disk', 'seed', 'undo seed', 'undo disk']);
    expect((await jobs.get(ada, id)).log.map(({ text }) => text)).toEqual([
      'seed: The disk of the host is full',
    ]);
  });

  test('a step whose names were never recorded is not undone', async () => {
    const jobs = host.newRunner([
      host.remembered('disk'),
      { ...host.remembered('seed'), prepare: () => Promise.reject(new Error('no')) },
    ]);
    jobs.start();
    await jobs.finished((await jobs.enqueue(host.newJob())).id);
    expect(host.did).toEqual(['disk', 'undo disk']);
  });

  test('what fails for a passing reason is repeated, but not for ever', async () => {
    const away = new LimenError('HYPERVISOR_UNAVAILABLE', { detail: 'restarting' });
    const jobs = host.newRunner([
      host.remembered('domain', () => (host.did.length < 3 ? Promise.reject(away) : Promise.resolve())),
    ]);
    jobs.start();
    expect((await jobs.finished((await jobs.enqueue(host.newJob())).id)).job).toMatchObject({
      state: 'done',
      error: null,
    });
    expect(host.did).toEqual(['domain', 'domain', 'domain']);

    host.did.length = 0;
    const other = host.newRunner([host.remembered('domain', () => Promise.reject(away))], {
      timings: { ...QUICK_JOBS, maxRepeats: 2 },
    });
    await jobs.close();
    other.start();
    const { job } = await other.finished((await other.enqueue(host.newJob())).id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'HYPERVISOR_UNAVAILABLE' } });
    expect(host.did).toEqual(['domain', 'domain', 'domain', 'undo domain']);
  });

  test('no more than allowed run at once, of a kind and altogether; undoing does not wait for them', async () => {
    let [running, most] = [0, 0];
    const [full, go] = [deferred(), deferred()];
    const step: TestStep = {
      name: 'disk',
      async run() {
        running += 1;
        most = Math.max(most, running);
        if (running === 3) full.resolve();
        await go.promise;
        running -= 1;
      },
      undo: async () => void host.did.push('undo'),
    };
    const jobs = host.newRunner([step], { concurrency: 3 });
    jobs.start();
    const made: Job[] = [];
    for (let n = 0; n < 6; n += 1) made.push(await jobs.enqueue(host.newJob()));
    await full.promise;
    const last = made.at(-1)?.id as JobId;
    await jobs.cancel(ada, last);
    expect((await jobs.finished(last)).job.state).toBe('cancelled');
    expect(host.did).toEqual(['undo']);
    go.resolve();
    await Promise.all(made.map(({ id }) => jobs.finished(id)));
    expect(most).toBe(3);
  });

  test('a job is written together with other things, and refused while one of its key is unfinished', async () => {
    const jobs = host.newRunner([host.remembered('disk')]);
    const write = () =>
      started.database.transaction((trx) => insertJob(trx, host.id, host.newJob({ dedupeKey: 'web' })));
    const { id } = await write();
    await expect(write()).rejects.toMatchObject({ code: 'CONFLICT', data: { reason: 'busy' } });
    await expect(jobs.enqueue(host.newJob({ dedupeKey: 'web' }))).rejects.toMatchObject({ code: 'CONFLICT' });
    jobs.start();
    await jobs.finished(id);
    const second = await write();
    jobs.wake();
    expect((await jobs.finished(second.id)).job.state).toBe('done');
  });

  test('a job that failed can be repeated as a new one of the same person', async () => {
    const jobs = host.newRunner([
      host.remembered('disk', () =>
        host.did.length === 1 ? Promise.reject(new Error('no')) : Promise.resolve(),
      ),
    ]);
    const { id } = await jobs.enqueue(host.newJob({ args: { size: 1 }, dedupeKey: 'web' }));
    await expect(jobs.retry(ada, id)).rejects.toMatchObject({ data: { reason: 'not-finished' } });
    jobs.start();
    await jobs.finished(id);
    const again = await jobs.retry(root, id);
    expect(again).toMatchObject({ createdBy: { username: 'ada' }, subject: { name: 'web' } });
    expect((await jobs.finished(again.id)).job.state).toBe('done');
    expect(await host.newStore().find(again.id)).toMatchObject({ args: { size: 1 }, dedupeKey: 'web' });
    await expect(jobs.retry(ada, again.id)).rejects.toMatchObject({ data: { reason: 'wrong-state' } });
  });

  test('people see their own jobs, administrators all', async () => {
    const jobs = host.newRunner([host.remembered('disk')]);
    const { id } = await jobs.enqueue(host.newJob());
    expect(await jobs.list(eve)).toEqual([]);
    expect((await jobs.list(ada)).map((job) => job.id)).toEqual([id]);
    expect((await jobs.list(root)).map((job) => job.id)).toEqual([id]);
    const missing = { code: 'NOT_FOUND', data: { kind: 'job', id } };
    await expect(jobs.get(eve, id)).rejects.toMatchObject(missing);
    await expect(jobs.cancel(eve, id)).rejects.toMatchObject(missing);
    await expect(jobs.retry(eve, id)).rejects.toMatchObject(missing);
    const elsewhere = new JobRepository(started.database, hostId.parse(randomUUID()));
    expect(await elsewhere.find(id)).toBeNull();
    expect(await elsewhere.takeBack('x')).toBe(0);
  });

  test('who watches hears of every state, and nothing of what is not theirs', async () => {
    const jobs = host.newRunner([host.remembered('disk')]);
    const before = await jobs.enqueue(host.newJob());
    const ending = new AbortController();
    const states: string[] = [];
    const watch = async (): Promise<void> => {
      for await (const event of jobs.watch(ada, ending.signal)) {
        for (const job of told(event)) states.push(`${job.subject.name} ${job.state}`);
        if (states.includes('mine done')) ending.abort();
      }
    };
    const watching = watch();
    const blind = jobs.watch(eve, ending.signal);
    expect((await blind.next()).value).toEqual({ type: 'snapshot', jobs: [] });
    jobs.start();
    await jobs.finished(before.id);
    await jobs.enqueue(host.newJob({ subject: { name: 'mine' } }));
    await watching;
    expect(states[0]).toBe('web queued');
    expect(states).toContain('web done');
    expect(states.at(-1)).toBe('mine done');
    expect(await blind.next()).toEqual({ done: true, value: undefined });
  });

  test('logs are bounded, and old jobs are forgotten with them', async () => {
    const jobs = host.newRunner([
      {
        name: 'disk',
        run: async ({ log }) => {
          for (let n = 0; n < 600; n += 1) log(`${n} ${'x'.repeat(2_000)}`);
        },
      },
    ]);
    jobs.start();
    const { id } = await jobs.enqueue(host.newJob());
    await jobs.finished(id);
    const { log } = await jobs.get(ada, id);
    expect(log).toHaveLength(500);
    expect(log[0]?.text).toMatch(/^0 x{997}…$/);
    expect(await jobs.prune(new Date(Date.now() - 60_000))).toBe(0);
    expect(await jobs.prune(new Date(Date.now() + 60_000))).toBe(1);
    expect(await jobs.list(ada)).toEqual([]);
    await expect(jobs.get(ada, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const left = await started.database.run((db) =>
      db.selectFrom('job_log').select('id').where('job_id', '=', id).execute(),
    );
    expect(left).toEqual([]);
  });

  test('a job of a kind nobody knows, or whose arguments do not fit, does nothing', async () => {
    const jobs = host.newRunner([host.remembered('disk')], { args: z.object({ size: z.number() }) });
    await expect(jobs.enqueue(host.newJob())).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(jobs.enqueue(host.newJob({ kind: 'image.import' }))).rejects.toMatchObject({
      code: 'INTERNAL',
    });
    expect(await jobs.list(root)).toEqual([]);
  });
});

function told(event: JobsEvent): Job[] {
  return event.type === 'snapshot' ? event.jobs : event.upserted;
}
