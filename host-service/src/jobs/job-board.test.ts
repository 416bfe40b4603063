import { randomUUID } from 'node:crypto';
import { type Job, jobId, type JobsEvent, userId } from '@limen/contract';
import { expect, test } from 'vitest';
import { JobBoard, RECENT_JOBS } from './job-board.ts';

const ada = userId.parse(randomUUID());
const isAdas = (job: Job): boolean => job.createdBy?.id === ada;

let clock = 0;
function newJob(change: Partial<Job> = {}): Job {
  clock += 1_000;
  return {
    id: jobId.parse(randomUUID()),
    kind: 'machine.create',
    state: 'running',
    subject: { name: 'web', machineId: null, imageId: null },
    step: null,
    fraction: 0,
    bytes: null,
    cancelRequested: false,
    error: null,
    createdBy: { id: ada, username: 'ada' },
    createdAt: new Date(clock).toISOString(),
    startedAt: null,
    finishedAt: null,
    ...change,
  };
}

async function next(events: AsyncGenerator<JobsEvent, void, void>): Promise<JobsEvent> {
  const { value } = await events.next();
  if (!value) throw new Error('the stream has ended');
  return value;
}

test('a slow watcher gets each job once, as it is now', async () => {
  const board = new JobBoard();
  const job = newJob();
  const events = board.watch(isAdas, new AbortController().signal);
  expect(await next(events)).toEqual({ type: 'snapshot', jobs: [] });
  for (let n = 0; n <= 1_000; n += 1) board.put({ ...job, fraction: n / 1_000 });
  expect(await next(events)).toEqual({ type: 'changes', upserted: [{ ...job, fraction: 1 }], removed: [] });
  const later = next(events);
  board.remove([job.id]);
  expect(await later).toEqual({ type: 'changes', upserted: [], removed: [job.id] });
});

test('nobody hears of what they may not see', async () => {
  const board = new JobBoard();
  const events = board.watch(isAdas, new AbortController().signal);
  await next(events);
  const stranger = newJob({ createdBy: null });
  board.put(stranger);
  board.remove([stranger.id]);
  const own = newJob();
  board.put(own);
  expect(await next(events)).toEqual({ type: 'changes', upserted: [own], removed: [] });
  expect(board.list(isAdas)).toEqual([own]);
});

test('a watch ends when it is told to, also while it waits', async () => {
  const board = new JobBoard();
  const ending = new AbortController();
  const events = board.watch(isAdas, ending.signal);
  await next(events);
  const waiting = events.next();
  ending.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('keeps what is unfinished, and of the finished the most recent', () => {
  const board = new JobBoard();
  const running = newJob();
  board.put(running);
  const finished = Array.from({ length: RECENT_JOBS + 3 }, () => newJob({ state: 'done' })).map((job) => ({
    ...job,
    finishedAt: job.createdAt,
  }));
  for (const job of finished) board.put(job);
  const newestFirst = [...finished.slice(3).toReversed(), running];
  expect(board.list(() => true).map(({ id }) => id)).toEqual(newestFirst.map(({ id }) => id));
  expect(board.countUnfinished()).toEqual([{ kind: 'machine.create', state: 'running', count: 1 }]);
});
