import type {
  ImageId,
  Job,
  JobId,
  JobKind,
  JobLogLine,
  JobState,
  JobsEvent,
  LimenError,
  MachineId,
} from '@limen/contract';
import type { Unsubscribe } from './hypervisor.ts';
import type { Principal } from './principal.ts';

/** What a step is given. `A`: the job's arguments; `S`: what its steps recorded so far. */
export interface StepContext<A, S> {
  readonly jobId: JobId;
  readonly args: A;
  readonly state: Readonly<Partial<S>>;
  /** Aborts when the job is cancelled, its lease is lost or the service stops. Not given to `undo`, which must end. */
  readonly signal: AbortSignal;
  /** For the job's log, which people read. */
  readonly log: (text: string) => void;
  /** How far the step is, where its size is known; in bytes. Cheap: call it as often as something is known. */
  readonly progress: (doneBytes: number, totalBytes: number) => void;
}

/**
 * One step of a saga. A process can die at any moment, so `run` and `undo` are repeated with the state as it was last
 * saved: both must be idempotent, and `undo` must cope with a `run` that got anywhere or nowhere.
 */
export interface JobStep<A, S> {
  /** Stable; clients translate it. */
  readonly name: string;
  /** Share of the job's time, relative to the other steps; 1 when left out. */
  readonly weight?: number;
  /**
   * Decide names and places, recorded before `run` acts: what `undo` will look for. Makes nothing. Once recorded it is
   * not asked again.
   */
  prepare?(context: StepContext<A, S>): Partial<S> | Promise<Partial<S>>;
  /**
   * Do it; what it resolves to is recorded. Rejecting with `HYPERVISOR_UNAVAILABLE`, `DATABASE_UNAVAILABLE` or
   * `TIMEOUT` repeats the step later, a bounded number of times; anything else takes back the job.
   */
  run(context: StepContext<A, S>): Promise<Partial<S> | void>;
  /**
   * Take back what `run` made. Rejecting has it repeated until it works. Not called when `prepare` has not been
   * recorded: then `run` was never called either.
   */
  undo?(context: Omit<StepContext<A, S>, 'signal' | 'progress'>): Promise<void>;
}

/** Checks what was stored as arguments; a schema of zod is one. */
export interface ArgsSchema<A> {
  safeParse(
    stored: unknown,
  ): { readonly success: true; readonly data: A } | { readonly success: false; readonly error: Error };
}

/** A kind of job: what it is asked, what it records, how it is done. */
export interface JobDefinition<A, S> {
  readonly kind: JobKind;
  readonly args: ArgsSchema<A>;
  readonly steps: readonly JobStep<A, S>[];
  /** How many of the kind run at once on this host. */
  readonly concurrency: number;
  /** After the end, whichever: publish what changed. Not repeated after a crash; never the truth. */
  onFinished?(job: Job): void;
}

/**
 * A job to be. Stored as it is: secrets have no business in `args`. What is written in the same transaction as the job
 * belongs to its first step: that one's `undo` takes it back even when the job is cancelled before it began, and its
 * `run` must write it again when it is not there, for a repeated job ({@link Jobs.retry}) starts without it.
 */
export interface NewJob {
  readonly kind: JobKind;
  readonly args: unknown;
  readonly subject: { readonly name: string; readonly machineId?: MachineId; readonly imageId?: ImageId };
  readonly createdBy: Pick<Principal, 'userId' | 'username'>;
  /** No two unfinished jobs of a host share one: the second is refused with `CONFLICT` (`busy`). */
  readonly dedupeKey?: string;
}

/** Long work that survives the process. Implemented in `jobs/`. */
export interface Jobs {
  /** Before {@link start}. */
  register<A, S>(definition: JobDefinition<A, S>): void;
  /** Take back the leases of this host's earlier life and begin working; returns at once. */
  start(): void;
  /** Resolves when no step runs any more; what was interrupted goes on at the next start. */
  close(): Promise<void>;

  enqueue(job: NewJob): Promise<Job>;
  /** Jobs were written by somebody else's transaction: look now. */
  wake(): void;

  /** Unfinished and recent jobs the principal may see, newest first. */
  list(principal: Principal): Promise<Job[]>;
  /** Rejects with `NOT_FOUND`, also for what the principal may not see. */
  get(principal: Principal, jobId: JobId): Promise<{ job: Job; log: JobLogLine[] }>;
  watch(principal: Principal, signal: AbortSignal): AsyncGenerator<JobsEvent, void, void>;
  /** Rejects with `NOT_FOUND`; a finished job stays as it is. */
  cancel(principal: Principal, jobId: JobId): Promise<Job>;
  /** A new job with the same arguments. Rejects with `NOT_FOUND`, or `CONFLICT` (`not-finished`, `busy`). */
  retry(principal: Principal, jobId: JobId): Promise<Job>;
  /** Resolves when the job has ended; rejects with `NOT_FOUND`. For the service's own use. */
  finished(jobId: JobId): Promise<{ job: Job; error: LimenError | null }>;

  /** Every job that ends while the service runs. */
  onEnded(listener: (job: Job) => void): Unsubscribe;
  /** Unfinished jobs as last known. */
  countUnfinished(): readonly { readonly kind: JobKind; readonly state: JobState; readonly count: number }[];
  /** Forget jobs that finished before; returns how many. */
  prune(before: Date): Promise<number>;
}
