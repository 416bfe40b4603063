import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { jobId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import { job, jobLogLine, jobsEvent } from '../records/job.ts';

/** Everybody sees their own jobs, administrators all; another's answers `NOT_FOUND`. */
export const jobs = {
  list: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/jobs', summary: 'Unfinished and recent jobs the caller may see' },
    input: z.object({}),
    output: z.array(job),
  }),
  get: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/jobs/{jobId}', summary: 'One job with its log' },
    input: z.object({ jobId }),
    output: z.object({ job, log: z.array(jobLogLine) }),
  }),
  watch: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/jobs/watch', summary: 'Follow jobs: a snapshot, then changes' },
    input: z.object({}),
    output: eventIterator(jobsEvent),
  }),
  cancel: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: true,
    http: { method: 'POST', path: '/jobs/{jobId}/cancel', summary: 'Stop a job and undo what it did' },
    input: z.object({ jobId }),
    output: job,
  }),
  retry: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/jobs/{jobId}/retry',
      summary: 'Start a failed or cancelled job again, as a new one',
    },
    input: z.object({ jobId }),
    output: job,
  }),
};
