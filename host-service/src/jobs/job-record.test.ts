import { randomUUID } from 'node:crypto';
import { jobId } from '@limen/contract';
import { expect, test } from 'vitest';
import type { StoredJob } from '../ports/job-store.ts';
import { toRecord } from './job-record.ts';

const steps = [{ name: 'disk', weight: 7 }, { name: 'seed' }, { name: 'start', weight: 2 }];

function storedJob(change: Partial<StoredJob>): StoredJob {
  return {
    id: jobId.parse(randomUUID()),
    kind: 'machine.create',
    state: 'running',
    subject: { name: 'web', machineId: null, imageId: null },
    createdBy: null,
    args: {},
    step: 0,
    prepared: false,
    stepState: {},
    attempt: 0,
    cancelRequested: false,
    error: null,
    dedupeKey: null,
    createdAt: new Date(0),
    startedAt: null,
    finishedAt: null,
    ...change,
  };
}

const fraction = (change: Partial<StoredJob>, bytes: { done: number; total: number } | null = null) =>
  toRecord(storedJob(change), steps, bytes).fraction;

test('the fraction weighs the steps, and the bytes of the present one', () => {
  expect(fraction({ state: 'queued' })).toBe(0);
  expect(fraction({})).toBe(0);
  expect(fraction({}, { done: 50, total: 100 })).toBeCloseTo(0.35);
  expect(fraction({}, { done: 500, total: 100 })).toBeCloseTo(0.7);
  expect(fraction({}, { done: 0, total: 0 })).toBe(0);
  expect(fraction({ step: 1 })).toBeCloseTo(0.7);
  expect(fraction({ step: 2 })).toBeCloseTo(0.8);
  expect(fraction({ state: 'undoing', step: 1 })).toBeNull();
  expect(fraction({ state: 'failed' })).toBeNull();
  expect(fraction({ state: 'done', step: 3 })).toBe(1);
});

const step = (change: Partial<StoredJob>) => toRecord(storedJob(change), steps, null).step;

test('a job is at a step while it runs or is undone, and at none before and after', () => {
  expect(step({ step: 1 })).toEqual({ name: 'seed', index: 1, count: 3 });
  expect(step({ state: 'undoing', step: 0 })).toEqual({ name: 'disk', index: 0, count: 3 });
  expect(step({ state: 'queued' })).toBeNull();
  expect(step({ state: 'failed' })).toBeNull();
  expect(step({ step: 3 })).toBeNull();
  // A kind that this version of the service does not know.
  expect(toRecord(storedJob({}), [], null)).toMatchObject({ step: null, fraction: null });
});
