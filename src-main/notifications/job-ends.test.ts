import type { Job, JobsEvent, UserId } from '@limen/contract';
import { expect, test } from 'vitest';
import { alice } from '../test-support/fake-host.ts';
import { aJob, aJobId, aLinkId } from '../test-support/records.ts';
import { JobEnds } from './job-ends.ts';

const changes = (...upserted: Job[]): JobsEvent => ({ type: 'changes', upserted, removed: [] });
const snapshot = (...jobs: Job[]): JobsEvent => ({ type: 'snapshot', jobs });

function ends(): (event: JobsEvent, person?: UserId | null) => Job[] {
  const tracked = new JobEnds();
  return (event, person = alice.id) => tracked.receive(aLinkId, event, person);
}

test('tells a job that ends before our eyes, once', () => {
  const receive = ends();
  receive(snapshot(aJob()));
  const done = aJob({ state: 'done' });
  expect(receive(changes(done))).toEqual([done]);
  expect(receive(changes(done))).toEqual([]);
});

test('tells one that was over before the first word of it came', () => {
  const receive = ends();
  receive(snapshot());
  expect(receive(changes(aJob({ state: 'failed' })))).toHaveLength(1);
});

test('tells nothing of what a snapshot says has ended', () => {
  const receive = ends();
  receive(changes(aJob()));
  expect(receive(snapshot(aJob({ state: 'done' })))).toEqual([]);
  expect(receive(changes(aJob({ state: 'done' })))).toEqual([]);
});

test('tells nothing of cancelled jobs, of others’, and of nobody’s', () => {
  const receive = ends();
  const createdBy = { id: aJobId(9) as string as UserId, username: 'bob' };
  const others = [
    aJob({ state: 'cancelled' }),
    aJob({ id: aJobId(2), state: 'done', createdBy }),
    aJob({ id: aJobId(3), state: 'done', createdBy: null }),
  ];
  expect(receive(changes(...others))).toEqual([]);
  expect(receive(changes(aJob({ id: aJobId(4), state: 'done' })), null)).toEqual([]);
});
