import { isFinished, type Job } from '@limen/contract';
import type { StoredJob } from '../ports/job-store.ts';

export interface Bytes {
  readonly done: number;
  readonly total: number;
}

interface Step {
  readonly name: string;
  readonly weight?: number;
}

/**
 * The job as clients see it.
 * @param steps of its kind; empty when this service does not know the kind
 * @param bytes of the present step, where they are known
 */
export function toRecord(job: StoredJob, steps: readonly Step[], bytes: Bytes | null): Job {
  const step = job.state === 'running' || job.state === 'undoing' ? steps[job.step] : undefined;
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    subject: job.subject,
    step: step ? { name: step.name, index: job.step, count: steps.length } : null,
    fraction: fractionOf(job, steps, bytes),
    bytes: job.state === 'running' ? bytes : null,
    cancelRequested: job.cancelRequested,
    error: job.error,
    createdBy: job.createdBy,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: isFinished(job.state) ? (job.finishedAt?.toISOString() ?? null) : null,
  };
}

function fractionOf({ state, step }: StoredJob, steps: readonly Step[], bytes: Bytes | null): number | null {
  switch (state) {
    case 'queued':
      return 0;
    case 'done':
      return 1;
    // How much of what was done is taken back already is nothing anybody measures.
    case 'undoing':
    case 'failed':
    case 'cancelled':
      return null;
    case 'running': {
      const whole = weigh(steps);
      if (whole === 0) return null;
      const within = bytes && bytes.total > 0 ? Math.min(1, bytes.done / bytes.total) : 0;
      return Math.min(1, (weigh(steps.slice(0, step)) + within * weigh(steps.slice(step, step + 1))) / whole);
    }
  }
}

function weigh(steps: readonly Step[]): number {
  return steps.reduce((sum, { weight = 1 }) => sum + weight, 0);
}
