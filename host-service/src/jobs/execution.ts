import { LimenError } from '@limen/contract';
import type { JobChange, JobLease, JobStore, StoredJob } from '../ports/job-store.ts';
import type { StepContext } from '../ports/jobs.ts';
import type { Logger } from '../ports/logger.ts';
import { type BackOff, delayAfter } from './back-off.ts';
import { type AnyDefinition, type AnyStep, readArgs } from './definition.ts';
import { inWords, JobLog } from './job-log.ts';
import type { Bytes } from './job-record.ts';
import { persist } from './persistence.ts';

export type StepMoment =
  | 'before-prepare'
  | 'after-prepare'
  | 'after-run'
  | 'after-save'
  | 'before-undo'
  | 'after-undo';

/** Where a job is; for tests that make a process die there. */
export interface StepEvent {
  readonly jobId: StoredJob['id'];
  readonly kind: StoredJob['kind'];
  readonly step: string;
  readonly moment: StepMoment;
}

export interface ExecutionDependencies {
  readonly store: JobStore;
  readonly owner: string;
  readonly logger: Logger;
  readonly backOff: BackOff;
  /** How often a step that failed for a passing reason is begun again. */
  readonly maxRepeats: number;
  readonly onStep: (event: StepEvent) => void | Promise<void>;
  readonly onChange: (job: StoredJob, bytes: Bytes | null) => void;
  /** The job will be due again after so many ms. */
  readonly onReleased: (ms: number) => void;
  /** Aborts when the service stops. */
  readonly stopping: AbortSignal;
}

/** Another process has the job. Whatever this one still has in its hands is void. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * One job in the hands of this process, from where its row says it is to its end, to its next attempt, or to the end
 * of the process. Nothing is done that was not recorded before, and nothing is recorded without the lease.
 */
export class Execution {
  readonly #deps: ExecutionDependencies;
  readonly #definition: AnyDefinition;
  readonly #lease: JobLease;
  readonly #log: JobLog;
  readonly #interruption = new AbortController();
  #job: StoredJob;
  #bytes: Bytes | null = null;
  #lost = false;

  constructor(deps: ExecutionDependencies, definition: AnyDefinition, job: StoredJob) {
    this.#deps = deps;
    this.#definition = definition;
    this.#job = job;
    this.#lease = { jobId: job.id, owner: deps.owner };
    this.#log = new JobLog(deps.store, this.#lease, deps.logger);
  }

  get job(): StoredJob {
    return this.#job;
  }

  /** How far the present step is, where it says so. */
  get bytes(): Bytes | null {
    return this.#bytes;
  }

  /** Somebody asked to cancel: the step under way is told, unless it is being undone already. */
  cancel(): void {
    this.#job = { ...this.#job, cancelRequested: true };
    this.#interruption.abort(new LimenError('CANCELLED', {}));
  }

  /** The lease was found to be somebody else's. */
  lose(): void {
    this.#lost = true;
    this.#interruption.abort(new LimenError('CANCELLED', {}, { message: 'another process has the job' }));
  }

  /** Never rejects. Afterwards the job is finished, or free for whoever is next. */
  async run(): Promise<void> {
    const { stopping, logger } = this.#deps;
    const onStop = (): void =>
      this.#interruption.abort(new LimenError('CANCELLED', {}, { message: 'the service stops' }));
    stopping.addEventListener('abort', onStop, { once: true });
    try {
      if (this.#job.state === 'running') await this.#goForward();
      if (this.#job.state === 'undoing') await this.#goBack();
    } catch (error) {
      if (error instanceof LeaseLost) logger.warn({ jobId: this.#job.id }, 'lost the lease of a job');
      // Its lease is taken back at the next start, or runs out.
      else if (stopping.aborted) logger.warn({ jobId: this.#job.id, err: error }, 'could not put a job away');
      else logger.error({ jobId: this.#job.id, err: error }, 'could not go on with a job');
    } finally {
      stopping.removeEventListener('abort', onStop);
    }
  }

  async #goForward(): Promise<void> {
    const { steps } = this.#definition;
    try {
      const args = readArgs(this.#definition, this.#job);
      while (this.#job.state === 'running' && !this.#mustStop()) {
        const step = steps[this.#job.step];
        if (step === undefined) await this.#save({ state: 'done' });
        else await this.#do(step, args);
      }
    } catch (error) {
      if (error instanceof LeaseLost || this.#lost) throw error;
      if (!this.#mustStop()) return this.#onFailed(error);
    }
    if (this.#job.state !== 'running') return;
    if (this.#lost) throw new LeaseLost();
    if (this.#deps.stopping.aborted) await this.#release({ releaseForMs: 0 });
    else await this.#turnBack(null);
  }

  #mustStop(): boolean {
    return this.#lost || this.#deps.stopping.aborted || this.#job.cancelRequested;
  }

  async #do(step: AnyStep, args: unknown): Promise<void> {
    if (!this.#job.prepared) {
      await this.#at(step, 'before-prepare');
      const names = await step.prepare?.(this.#context(args));
      if (step.prepare) await this.#save({ prepared: true, stepState: this.#with(names) });
    }
    await this.#at(step, 'after-prepare');
    if (this.#mustStop()) return;
    const made = await step.run(this.#context(args));
    await this.#at(step, 'after-run');
    const next = this.#job.step + 1;
    const change = { step: next, prepared: false, stepState: this.#with(made), attempt: 0, error: null };
    this.#bytes = null;
    const isLast = next === this.#definition.steps.length;
    if (!isLast || !(await this.#finishUnlessCancelled(change))) await this.#save(change);
    await this.#at(step, 'after-save');
  }

  /** The last step is done: so is the job, unless somebody asked to cancel while it ran. */
  async #finishUnlessCancelled(change: JobChange): Promise<boolean> {
    await this.#log.flush();
    const { store, stopping } = this.#deps;
    const done = { ...change, state: 'done' } as const;
    const saved = await persist(() => store.saveUnlessCancelled(this.#lease, done), stopping);
    if (saved) this.#adopt(saved);
    return saved !== null;
  }

  async #onFailed(error: unknown): Promise<void> {
    const failure = toFailure(error);
    const step = this.#definition.steps[this.#job.step]?.name;
    const fields = { jobId: this.#job.id, kind: this.#job.kind, step, err: error };
    const attempt = this.#job.attempt + 1;
    if (isTransient(failure) && attempt <= this.#deps.maxRepeats) {
      const ms = delayAfter(attempt, this.#deps.backOff);
      this.#deps.logger.warn({ ...fields, attempt, againInMs: ms }, 'a step of a job failed; it is repeated');
      this.#log.add(`${inWords(failure)}; trying again`);
      await this.#release({ attempt, error: failure.toJSON(), releaseForMs: ms });
      return;
    }
    this.#deps.logger.warn(fields, 'a job failed; it is undone');
    this.#log.add(`${step ?? 'start'}: ${inWords(failure)}`);
    await this.#turnBack(failure);
  }

  /** Begin to undo, from the step that was at work: it may be half done. Null: because somebody cancelled. */
  async #turnBack(failure: LimenError | null): Promise<void> {
    const { step, prepared } = this.#job;
    const acted = prepared || this.#definition.steps[step]?.prepare === undefined;
    const last = Math.min(acted ? step : step - 1, this.#definition.steps.length - 1);
    this.#bytes = null;
    const error = failure?.toJSON() ?? null;
    await this.#save({ state: 'undoing', step: last, prepared: false, attempt: 0, error });
  }

  async #goBack(): Promise<void> {
    const state = this.#job.error === null ? 'cancelled' : 'failed';
    while (this.#job.state === 'undoing') {
      const step = this.#definition.steps[this.#job.step];
      if (step !== undefined && !(await this.#undo(step))) return;
      const next = this.#job.step - 1;
      if (next < 0) await this.#save({ state, step: 0, attempt: 0 });
      else if (this.#deps.stopping.aborted) await this.#release({ step: next, attempt: 0, releaseForMs: 0 });
      else await this.#save({ step: next, attempt: 0 });
      if (this.#deps.stopping.aborted) return;
    }
  }

  /** False when it failed, and will be tried again. */
  async #undo(step: AnyStep): Promise<boolean> {
    await this.#at(step, 'before-undo');
    try {
      const args = readArgs(this.#definition, this.#job);
      const { jobId, state, log } = this.#context(args);
      await step.undo?.({ jobId, args, state, log });
    } catch (error) {
      if (this.#lost) throw new LeaseLost();
      const attempt = this.#job.attempt + 1;
      const ms = delayAfter(attempt, this.#deps.backOff);
      const { id: jobId, kind } = this.#job;
      const fields = { jobId, kind, step: step.name, err: error, attempt, againInMs: ms };
      this.#deps.logger.error(fields, 'could not undo a step of a job; trying again');
      this.#log.add(`could not undo ${step.name}: ${inWords(toFailure(error))}; trying again`);
      await this.#release({ attempt, releaseForMs: ms });
      return false;
    }
    await this.#at(step, 'after-undo');
    return true;
  }

  #context(args: unknown): StepContext<unknown, Record<string, unknown>> {
    return {
      jobId: this.#job.id,
      args,
      state: this.#job.stepState,
      signal: this.#interruption.signal,
      log: (text) => this.#log.add(text),
      progress: (done, total) => {
        this.#bytes = { done, total };
        this.#deps.onChange(this.#job, this.#bytes);
      },
    };
  }

  #with(made: Record<string, unknown> | void): Record<string, unknown> {
    return { ...this.#job.stepState, ...made };
  }

  async #release(change: JobChange & { readonly releaseForMs: number }): Promise<void> {
    await this.#save(change);
    this.#deps.onReleased(change.releaseForMs);
  }

  async #save(change: JobChange): Promise<void> {
    const { store, stopping } = this.#deps;
    await this.#log.flush();
    const saved = await persist(() => store.save(this.#lease, change), stopping);
    if (saved === null) throw new LeaseLost();
    this.#adopt(saved);
  }

  #adopt(saved: StoredJob): void {
    // A wish to cancel that came while the answer was under way is not in it.
    const cancelRequested = saved.cancelRequested || this.#job.cancelRequested;
    this.#job = { ...saved, cancelRequested };
    this.#deps.onChange(this.#job, this.#bytes);
  }

  async #at(step: AnyStep, moment: StepMoment): Promise<void> {
    const { id: jobId, kind } = this.#job;
    await this.#deps.onStep({ jobId, kind, step: step.name, moment });
  }
}

/** What a step rejected with, as clients are told. */
function toFailure(error: unknown): LimenError {
  return LimenError.is(error) ? error : new LimenError('INTERNAL', {}, { cause: error });
}

/** A daemon that is away comes back. */
function isTransient({ code }: LimenError): boolean {
  return code === 'HYPERVISOR_UNAVAILABLE' || code === 'DATABASE_UNAVAILABLE' || code === 'TIMEOUT';
}
