import { expect, test } from 'vitest';
import { aJob, aJobId, anImage } from '../test-support/records.ts';
import { LibraryStore } from './library-store.ts';

test('a host that told nothing has nothing to replay', () => {
  expect(new LibraryStore().snapshots()).toEqual({ jobs: null, images: null });
});

test('replays what snapshot and changes came to', () => {
  const store = new LibraryStore();
  store.applyJobs({ type: 'snapshot', jobs: [aJob(), aJob({ id: aJobId(2) })] });
  const done = aJob({ id: aJobId(2), state: 'done' });
  store.applyJobs({ type: 'changes', upserted: [done], removed: [aJobId()] });
  store.applyImages({ type: 'changes', upserted: [anImage()], removed: [] });
  expect(store.snapshots()).toEqual({
    jobs: { type: 'snapshot', jobs: [done] },
    images: { type: 'snapshot', images: [anImage()] },
  });
  expect(store.jobs.get(aJobId(2))).toEqual(done);
});

test('forgets on request', () => {
  const store = new LibraryStore();
  store.applyJobs({ type: 'snapshot', jobs: [aJob()] });
  store.reset();
  expect(store.snapshots().jobs).toBeNull();
});
