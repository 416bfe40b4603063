import { jobKind } from '@limen/contract';
import type { Job, MachineId } from '@limen/contract';
import { expect, test } from 'vitest';
import { Translations } from '../app/translations.ts';
import { aJob, aJobId, aLinkId } from '../test-support/records.ts';
import { jobMessage } from './job-message.ts';

const { t } = new Translations('en-GB', 'system');
const link = { id: aLinkId, name: 'alpha' };
const machineId = aJobId(5) as string as MachineId;
const subject: Job['subject'] = { name: 'web-1', machineId, imageId: null };

test('a machine that is ready is what a click shows', () => {
  expect(jobMessage(t, link, [aJob({ kind: 'machine.create', state: 'done', subject })])).toEqual({
    title: '“web-1” is ready',
    body: 'On alpha',
    target: { kind: 'machine', linkId: aLinkId, machineId },
  });
});

test.each([
  ['machine.create', 'failed'],
  ['machine.purge', 'done'],
] as const)('%s %s leads to the jobs: there is no machine', (kind, state) => {
  expect(jobMessage(t, link, [aJob({ kind, state, subject })]).target).toEqual({
    kind: 'jobs',
    linkId: aLinkId,
  });
});

test('several are counted in one', () => {
  const jobs = [aJob({ state: 'done' }), aJob({ state: 'done' }), aJob({ state: 'failed' })];
  expect(jobMessage(t, link, jobs).title).toBe('2 jobs are done, 1 failed');
  expect(jobMessage(t, link, jobs.slice(0, 2)).title).toBe('2 jobs are done');
});

test.each(jobKind.options)('%s has its own words for both ends', (kind) => {
  const titles = (['done', 'failed'] as const).map(
    (state) => jobMessage(t, link, [aJob({ kind, state })]).title,
  );
  for (const title of titles) expect(title).toContain('“debian”');
  expect(new Set(titles).size).toBe(2);
});
