// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { aLinkId, aMachineId } from '../test/records.ts';
import { aJob, aJobId, anImageId } from '../test/work-records.ts';
import {
  applyJobs,
  jobsStore,
  keepJobs,
  receiveJobs,
  useAllJobs,
  useImageJob,
  useJob,
  useMachineJob,
  useUnfinishedJobs,
} from './jobs.ts';

const alpha = aLinkId(1);
const beta = aLinkId(2);

afterEach(() => jobsStore.setState({ hosts: new Map() }));

describe('jobs', () => {
  it('replaces everything with a snapshot, and keeps the identity of what a change does not name', () => {
    const before = applyJobs(undefined, {
      type: 'snapshot',
      jobs: [aJob({ number: 1 }), aJob({ number: 2 })],
    });
    const upserted = [aJob({ number: 2, state: 'done' })];
    const after = applyJobs(before, { type: 'changes', upserted, removed: [] });
    expect(after.get(aJobId(1))).toBe(before.get(aJobId(1)));
    expect(after.get(aJobId(2))?.state).toBe('done');
    expect(applyJobs(after, { type: 'snapshot', jobs: [] }).size).toBe(0);
  });

  it('may apply the same change twice', () => {
    const before = applyJobs(undefined, { type: 'snapshot', jobs: [aJob()] });
    const event = { type: 'changes' as const, upserted: [aJob({ number: 3 })], removed: [aJobId(1)] };
    const once = applyJobs(before, event);
    expect([...once.keys()]).toEqual([aJobId(3)]);
    expect(applyJobs(once, event)).toEqual(once);
  });

  it('lists all hosts’ jobs, the youngest first, and what is unfinished of them', () => {
    receiveJobs(alpha, {
      type: 'snapshot',
      jobs: [aJob({ number: 1 }), aJob({ number: 3, state: 'failed' })],
    });
    receiveJobs(beta, { type: 'snapshot', jobs: [aJob({ number: 2, state: 'undoing' })] });
    const all = renderHook(useAllJobs);
    expect(all.result.current.map(({ job }) => job.id)).toEqual([aJobId(3), aJobId(2), aJobId(1)]);
    const unfinished = renderHook(useUnfinishedJobs);
    expect(unfinished.result.current.map(({ linkId }) => linkId)).toEqual([beta, alpha]);
  });

  it('finds the unfinished job of a machine and of an image, on their host only', () => {
    const machineId = aMachineId(1);
    const imageId = anImageId(1);
    const jobs = [
      aJob({ number: 1, machineId }),
      aJob({ number: 2, machineId, imageId }),
      aJob({ number: 3, machineId, state: 'done' }),
      aJob({ number: 4, imageId }),
    ];
    receiveJobs(alpha, { type: 'snapshot', jobs });
    const ofMachine = renderHook(() => useMachineJob({ linkId: alpha, machineId }));
    expect(ofMachine.result.current?.id).toBe(aJobId(2));
    expect(renderHook(() => useImageJob(alpha, imageId)).result.current?.id).toBe(aJobId(4));
    expect(renderHook(() => useMachineJob({ linkId: beta, machineId })).result.current).toBeUndefined();
    act(() => receiveJobs(alpha, { type: 'changes', upserted: [], removed: [aJobId(2)] }));
    expect(ofMachine.result.current?.id).toBe(aJobId(1));
  });

  it('forgets hosts that were removed', () => {
    receiveJobs(alpha, { type: 'snapshot', jobs: [aJob()] });
    receiveJobs(beta, { type: 'snapshot', jobs: [aJob()] });
    const job = renderHook(() => useJob(alpha, aJobId(1)));
    expect(job.result.current).toBeDefined();
    act(() => keepJobs((linkId) => linkId === beta));
    expect(job.result.current).toBeUndefined();
    expect([...jobsStore.getState().hosts.keys()]).toEqual([beta]);
  });
});
