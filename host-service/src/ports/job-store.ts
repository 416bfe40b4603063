import type { Job, JobId, JobKind, JobLogLine, JobState, SerializedError } from '@limen/contract';
import type { NewJob } from './jobs.ts';

/** A job as it is stored, without what only the process that runs it knows. */
export interface StoredJob extends Pick<Job, 'id' | 'kind' | 'state' | 'subject' | 'createdBy'> {
  readonly args: unknown;
  /** Index of the step it is at, or, while it is undoing, of the one to undo next. */
  readonly step: number;
  /** What that step decided before it acts is recorded. */
  readonly prepared: boolean;
  readonly stepState: Readonly<Record<string, unknown>>;
  /** How often the present step, or its undoing, has failed. */
  readonly attempt: number;
  readonly cancelRequested: boolean;
  readonly error: SerializedError | null;
  readonly dedupeKey: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** The right to write a job: of one process, for a time. Taken by {@link JobStore.claim}. */
export interface JobLease {
  readonly jobId: JobId;
  /** Names one process, not one host: its successor on the same host is somebody else. */
  readonly owner: string;
}

/** What to record. A finished state gives the lease back by itself. */
export interface JobChange {
  readonly state?: Exclude<JobState, 'queued'>;
  readonly step?: number;
  readonly prepared?: boolean;
  readonly stepState?: Readonly<Record<string, unknown>>;
  readonly attempt?: number;
  readonly error?: SerializedError | null;
  /** Give the lease back; whoever is next may take it after this many ms. */
  readonly releaseForMs?: number;
}

export interface ClaimRequest {
  readonly owner: string;
  readonly leaseMs: number;
  /** Room for jobs to be run, by kind; kinds that are not named are left alone. */
  readonly room: ReadonlyMap<JobKind, number>;
  /** Most of them altogether. */
  readonly limit: number;
  /** Most jobs to be undone, of the kinds named. */
  readonly undoLimit: number;
  /** What this process has in its hands already. */
  readonly except: readonly JobId[];
}

/**
 * This host's jobs as they are stored. Implemented in `database/`. Every method rejects with `DATABASE_UNAVAILABLE`
 * while there is no connection; what it asked for may have been done all the same.
 */
export interface JobStore {
  /** Rejects with `CONFLICT` (`busy`) when an unfinished job has the same dedupe key. */
  insert(job: NewJob): Promise<StoredJob>;
  /** Make every unfinished job of this host free and due at once, whoever had it but `owner`. Returns how many. */
  takeBack(owner: string): Promise<number>;
  /** Take what is due and free, oldest first; queued ones are running from here on. */
  claim(request: ClaimRequest): Promise<StoredJob[]>;
  /** Which of these the owner still holds, as they are now; prolongs them. */
  renew(owner: string, jobIds: readonly JobId[], leaseMs: number): Promise<StoredJob[]>;
  /** Null when the lease is somebody else's by now: then nothing was written. */
  save(lease: JobLease, change: JobChange): Promise<StoredJob | null>;
  /** As {@link save}, but null also when somebody asked to cancel meanwhile. */
  saveUnlessCancelled(lease: JobLease, change: JobChange): Promise<StoredJob | null>;
  /**
   * Ask a job to stop. One that nobody has begun ends here as `cancelled`, or turns to `undoing` from its first step
   * on when its kind is in `undoFirst`. Null when there is no such unfinished job.
   */
  requestCancel(jobId: JobId, undoFirst: readonly JobKind[]): Promise<StoredJob | null>;

  find(jobId: JobId): Promise<StoredJob | null>;
  /** Unfinished jobs except those named. */
  unfinished(except: readonly JobId[]): Promise<StoredJob[]>;
  /** Newest first. */
  finished(limit: number): Promise<StoredJob[]>;
  /** Lines beyond `limit` of a job, and of jobs whose lease is not the owner's, are dropped. */
  appendLog(lease: JobLease, lines: readonly JobLogLine[], limit: number): Promise<void>;
  log(jobId: JobId): Promise<JobLogLine[]>;
  /** Forget what finished before; returns what. */
  prune(before: Date): Promise<JobId[]>;
}
