import { LimenError } from '@limen/contract';
import type { StoredJob } from '../ports/job-store.ts';
import type { JobDefinition, JobStep } from '../ports/jobs.ts';

type State = Record<string, unknown>;
export type AnyStep = JobStep<unknown, State>;

/** A definition whose types of arguments and state nobody needs to know any more: its own schema checks the first. */
export type AnyDefinition = JobDefinition<unknown, State>;

/**
 * The arguments as the steps want them. Throws `INTERNAL` when they do not fit: another version of the service, or
 * a fault of ours, wrote them.
 */
export function readArgs({ args, kind }: AnyDefinition, job: Pick<StoredJob, 'args'>): unknown {
  const read = args.safeParse(job.args);
  if (read.success) return read.data;
  throw new LimenError(
    'INTERNAL',
    {},
    { message: `the arguments of a ${kind} do not fit`, cause: read.error },
  );
}

export function forgetTypes<A, S>(definition: JobDefinition<A, S>): AnyDefinition {
  return definition;
}
