import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  isFinished,
  type Job,
  type JobId,
  type JobKind,
  type JobLogLine,
  type JobsEvent,
  LimenError,
} from '@limen/contract';
import type { Unsubscribe } from '../ports/hypervisor.ts';
import type { JobStore, StoredJob } from '../ports/job-store.ts';
import type { JobDefinition, Jobs, NewJob } from '../ports/jobs.ts';
import type { Logger } from '../ports/logger.ts';
import type { Principal } from '../ports/principal.ts';
import type { BackOff } from './back-off.ts';
import { type AnyDefinition, forgetTypes, readArgs } from './definition.ts';
import { Dispatcher } from './dispatcher.ts';
import type { StepEvent } from './execution.ts';
import { JobBoard, RECENT_JOBS } from './job-board.ts';
import { type Bytes, toRecord } from './job-record.ts';
import { persist } from './persistence.ts';
import { Throttle } from './throttle.ts';

export interface JobRunnerOptions {
  readonly store: JobStore;
  readonly logger: Logger;
  /** How many jobs run at once, of whatever kind. */
  readonly concurrency?: number;
  readonly timings?: Partial<JobTimings>;
  /** Awaited wherever a process might die; for tests only. */
  readonly onStep?: (event: StepEvent) => void | Promise<void>;
}

export interface JobTimings {
  readonly leaseMs: number;
  readonly pollMs: number;
  /** Between attempts of a step, and of its undoing. */
  readonly backOff: BackOff;
  /** How often a step that failed for a passing reason is begun again. */
  readonly maxRepeats: number;
}

/** A libvirtd that is restarted is back within two minutes, which is what the repeats add up to. */
const DEFAULT_TIMINGS: JobTimings = {
  leaseMs: 30_000,
  pollMs: 10_000,
  backOff: { firstMs: 1_000, lastMs: 30_000 },
  maxRepeats: 8,
};

const DEFAULT_CONCURRENCY = 16;
const PROGRESS_EVERY_MS = 250;

/**
 * Long work that survives the process: {@link Jobs} on rows of a database (docs/adr/0009). The rows are the truth;
 * this process's part is what it holds the leases of, and how far their present steps are.
 */
export class JobRunner implements Jobs {
  readonly #store: JobStore;
  readonly #logger: Logger;
  readonly #definitions = new Map<JobKind, AnyDefinition>();
  readonly #board = new JobBoard();
  readonly #dispatcher: Dispatcher;
  readonly #ended = new EventEmitter<{ ended: [Job] }>().setMaxListeners(0);
  readonly #progress = new Throttle<JobId, Job>(PROGRESS_EVERY_MS, (_id, job) => this.#board.put(job));
  readonly #closing = new AbortController();
  /** Whether the board knows what the database holds. */
  #loaded = false;

  constructor(options: JobRunnerOptions) {
    this.#store = options.store;
    this.#logger = options.logger;
    this.#dispatcher = new Dispatcher({
      ...DEFAULT_TIMINGS,
      ...options.timings,
      store: options.store,
      owner: randomUUID(),
      logger: options.logger,
      definitions: this.#definitions,
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      onStep: options.onStep ?? (() => undefined),
      onTakenBack: () => this.#load(),
      onLook: () => this.#loadUnknown(),
      onChange: (job, bytes) => this.#onChange(job, bytes),
      onLetGo: (job) => this.#onLetGo(job),
    });
  }

  register<A, S>(definition: JobDefinition<A, S>): void {
    this.#definitions.set(definition.kind, forgetTypes(definition));
  }

  start(): void {
    this.#dispatcher.start();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#dispatcher.close();
    this.#progress.close();
    this.#ended.removeAllListeners();
  }

  wake(): void {
    this.#dispatcher.wake();
  }

  async enqueue(job: NewJob): Promise<Job> {
    const definition = this.#definitions.get(job.kind);
    if (definition === undefined)
      throw new LimenError('INTERNAL', {}, { message: `nobody knows how to do a ${job.kind}` });
    readArgs(definition, job);
    const stored = await this.#store.insert(job);
    // It may have been claimed meanwhile, and then there is more to tell of it.
    if (!this.#board.has(stored.id)) this.#publish(stored);
    this.wake();
    return this.#record(stored);
  }

  async list(principal: Principal): Promise<Job[]> {
    await this.#ready();
    return this.#board.list((job) => mayView(principal, job));
  }

  async get(principal: Principal, jobId: JobId): Promise<{ job: Job; log: JobLogLine[] }> {
    const job = this.#record(await this.#find(principal, jobId));
    return { job: this.#board.get(jobId) ?? job, log: await this.#store.log(jobId) };
  }

  async *watch(principal: Principal, signal: AbortSignal): AsyncGenerator<JobsEvent, void, void> {
    await this.#ready();
    yield* this.#board.watch((job) => mayView(principal, job), signal);
  }

  async cancel(principal: Principal, jobId: JobId): Promise<Job> {
    const found = await this.#find(principal, jobId);
    // What was reserved together with the job is its first step's to give back.
    const undoFirst = [...this.#definitions.values()].filter(({ steps }) => steps[0]?.undo !== undefined);
    const asked = await this.#store.requestCancel(
      jobId,
      undoFirst.map(({ kind }) => kind),
    );
    if (asked === null) return this.#record((await this.#store.find(jobId)) ?? found);
    const execution = this.#dispatcher.execution(jobId);
    if (execution) {
      execution.cancel();
      this.#onChange(execution.job, execution.bytes);
    } else {
      this.#publish(asked);
      this.wake();
    }
    return this.#record(asked);
  }

  async retry(principal: Principal, jobId: JobId): Promise<Job> {
    const { state, kind, args, subject, createdBy, dedupeKey } = await this.#find(principal, jobId);
    if (!isFinished(state)) throw new LimenError('CONFLICT', { reason: 'not-finished', state });
    if (state === 'done') throw new LimenError('CONFLICT', { reason: 'wrong-state', state });
    const { name, machineId, imageId } = subject;
    return this.enqueue({
      kind,
      args,
      subject: { name, ...(machineId && { machineId }), ...(imageId && { imageId }) },
      // Still whose it was, also when an administrator repeats it.
      createdBy: createdBy ? { userId: createdBy.id, username: createdBy.username } : principal,
      ...(dedupeKey !== null && { dedupeKey }),
    });
  }

  async finished(jobId: JobId): Promise<{ job: Job; error: LimenError | null }> {
    const listening = new AbortController();
    try {
      // Before looking, or its end might fall in between.
      const ended = this.#whenEnded(jobId, listening.signal);
      const stored = await persist(() => this.#store.find(jobId), this.#closing.signal);
      if (stored === null) throw notFound(jobId);
      const job = isFinished(stored.state) ? this.#record(stored) : await ended;
      return { job, error: job.error && LimenError.from(job.error) };
    } finally {
      listening.abort();
    }
  }

  onEnded(listener: (job: Job) => void): Unsubscribe {
    this.#ended.on('ended', listener);
    return () => {
      this.#ended.off('ended', listener);
    };
  }

  countUnfinished(): ReturnType<Jobs['countUnfinished']> {
    return this.#board.countUnfinished();
  }

  async prune(before: Date): Promise<number> {
    const pruned = await this.#store.prune(before);
    this.#board.remove(pruned);
    return pruned.length;
  }

  #whenEnded(jobId: JobId, signal: AbortSignal): Promise<Job> {
    return new Promise((resolve) => {
      const off = this.onEnded((job) => {
        if (job.id === jobId) resolve(job);
      });
      signal.addEventListener('abort', off, { once: true });
    });
  }

  async #find(principal: Principal, jobId: JobId): Promise<StoredJob> {
    const job = await this.#store.find(jobId);
    if (job === null || !mayView(principal, job)) throw notFound(jobId);
    return job;
  }

  /** Until the database has been read once there is nothing to tell; after that, what is known. */
  async #ready(): Promise<void> {
    if (!this.#loaded) await this.#load();
  }

  async #load(): Promise<void> {
    if (this.#loaded) return;
    const finished = await this.#store.finished(RECENT_JOBS);
    await this.#loadUnknown();
    for (const job of finished) if (!this.#board.has(job.id)) this.#board.put(this.#record(job));
    this.#loaded = true;
  }

  /** Jobs that were written in somebody else's transaction. */
  async #loadUnknown(): Promise<void> {
    const unknown = await this.#store.unfinished(this.#board.unfinishedIds());
    for (const job of unknown) if (!this.#board.has(job.id)) this.#board.put(this.#record(job));
  }

  #record(job: StoredJob, bytes: Bytes | null = null): Job {
    return toRecord(job, this.#definitions.get(job.kind)?.steps ?? [], bytes);
  }

  /** Progress of a step is told now and then, everything else at once. */
  #onChange(job: StoredJob, bytes: Bytes | null): void {
    if (bytes === null) this.#publish(job);
    else this.#progress.offer(job.id, this.#record(job, bytes));
  }

  #publish(job: StoredJob): void {
    this.#progress.forget(job.id);
    const record = this.#record(job);
    const before = this.#board.get(job.id);
    this.#board.put(record);
    if (!isFinished(record.state) || (before && isFinished(before.state))) return;
    try {
      this.#definitions.get(job.kind)?.onFinished?.(record);
    } catch (error) {
      this.#logger.error({ jobId: job.id, err: error }, 'what follows the end of a job failed');
    }
    this.#ended.emit('ended', record);
  }

  /** The row is read once more when its last write may have been answered to nobody. */
  async #onLetGo(last: StoredJob): Promise<void> {
    if (isFinished(last.state)) return;
    try {
      const job = await persist(() => this.#store.find(last.id), this.#closing.signal);
      if (job) this.#publish(job);
    } catch (error) {
      this.#logger.debug({ jobId: last.id, err: error }, 'could not look at a job again');
    }
  }
}

/** Everybody sees their own jobs, administrators all. */
function mayView({ role, userId }: Principal, { createdBy }: Pick<Job, 'createdBy'>): boolean {
  return role === 'administrator' || createdBy?.id === userId;
}

function notFound(jobId: JobId): LimenError {
  return new LimenError('NOT_FOUND', { kind: 'job', id: jobId });
}
