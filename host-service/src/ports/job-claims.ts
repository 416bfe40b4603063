import type { JobId } from '@limen/contract';

/** What an unfinished job works on: every text of its arguments and records that may be a path or name a volume. */
export interface JobClaim {
  readonly jobId: JobId;
  readonly name: string;
  readonly words: readonly string[];
}

/** Files that are no machine's yet, or no longer: a job of this host still needs them. Implemented in `database/`. */
export interface JobClaims {
  unfinished(): Promise<JobClaim[]>;
}
