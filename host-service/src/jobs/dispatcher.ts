import { setMaxListeners } from 'node:events';
import type { JobId, JobKind } from '@limen/contract';
import type { StoredJob } from '../ports/job-store.ts';
import type { Logger } from '../ports/logger.ts';
import { Bell } from './bell.ts';
import type { AnyDefinition } from './definition.ts';
import { Execution, type ExecutionDependencies } from './execution.ts';
import { persist } from './persistence.ts';

export interface DispatcherDependencies extends Omit<ExecutionDependencies, 'onReleased' | 'stopping'> {
  readonly definitions: ReadonlyMap<JobKind, AnyDefinition>;
  readonly leaseMs: number;
  /** Net under the wake-ups: look for work at least this often. */
  readonly pollMs: number;
  /** How many jobs run at once, of whatever kind. */
  readonly concurrency: number;
  /** The leases are taken back; nothing has been begun yet. Called again until it resolves. */
  readonly onTakenBack: () => Promise<void>;
  /** Before each look for work: there may be jobs somebody else wrote. */
  readonly onLook: () => Promise<void>;
  /** This process has no more to do with the job, whatever became of it. */
  readonly onLetGo: (job: StoredJob) => Promise<void>;
}

/** Undoing frees what jobs hold, so it never queues behind them; this many at once. */
const UNDO_CONCURRENCY = 8;

/** Takes jobs that are due, as room allows, and keeps their leases while they are in hand. */
export class Dispatcher {
  readonly #deps: DispatcherDependencies;
  readonly #logger: Logger;
  readonly #active = new Map<JobId, { readonly execution: Execution; readonly end: Promise<void> }>();
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  readonly #alarms = new Set<NodeJS.Timeout>();
  #heartbeat: NodeJS.Timeout | undefined;
  #loop: Promise<void> | null = null;

  constructor(deps: DispatcherDependencies) {
    this.#deps = deps;
    this.#logger = deps.logger;
    // One of each job in hand.
    setMaxListeners(0, this.#stopping.signal);
  }

  start(): void {
    this.#heartbeat = setInterval(() => void this.#renew(), this.#deps.leaseMs / 3).unref();
    this.#loop ??= this.#work();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    for (const alarm of this.#alarms) clearTimeout(alarm);
    await this.#loop;
    await Promise.all([...this.#active.values()].map(({ end }) => end));
    // Until here: a step that takes its time to stop must not lose its lease meanwhile.
    clearInterval(this.#heartbeat);
  }

  wake(): void {
    this.#bell.ring();
  }

  /** Null when it is not in this process's hands. */
  execution(jobId: JobId): Execution | null {
    return this.#active.get(jobId)?.execution ?? null;
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopping;
    const { store, owner, pollMs } = this.#deps;
    try {
      const count = await persist(() => store.takeBack(owner), signal);
      await persist(() => this.#deps.onTakenBack(), signal);
      if (count > 0) this.#logger.info({ count }, 'took up the jobs of an earlier life');
    } catch (error) {
      if (!signal.aborted) this.#logger.error({ err: error }, 'could not take up jobs; none will run');
      return;
    }
    while (!signal.aborted) {
      try {
        await persist(() => this.#look(), signal);
      } catch (error) {
        if (!signal.aborted) this.#logger.error({ err: error }, 'could not look for jobs');
      }
      await this.#bell.wait(signal, pollMs);
    }
  }

  async #look(): Promise<void> {
    const { store, owner, leaseMs, concurrency, definitions } = this.#deps;
    await this.#deps.onLook();
    const active = [...this.#active.values()].map(({ execution }) => execution.job);
    const running = active.filter(({ state }) => state === 'running');
    const room = new Map(
      [...definitions.values()].map((definition) => {
        const taken = running.filter(({ kind }) => kind === definition.kind).length;
        return [definition.kind, Math.max(0, definition.concurrency - taken)];
      }),
    );
    const claimed = await store.claim({
      owner,
      leaseMs,
      room,
      limit: Math.max(0, concurrency - running.length),
      undoLimit: Math.max(0, UNDO_CONCURRENCY - (active.length - running.length)),
      except: active.map(({ id }) => id),
    });
    for (const job of claimed) this.#begin(job);
  }

  #begin(job: StoredJob): void {
    const definition = this.#deps.definitions.get(job.kind);
    // Only kinds that are defined are asked for.
    if (definition === undefined || this.#stopping.signal.aborted) return;
    const { signal: stopping } = this.#stopping;
    const deps = { ...this.#deps, stopping, onReleased: (ms: number) => this.#wakeIn(ms) };
    const execution = new Execution(deps, definition, job);
    this.#deps.onChange(job, null);
    this.#active.set(job.id, { execution, end: this.#follow(execution) });
  }

  async #follow(execution: Execution): Promise<void> {
    await execution.run();
    this.#active.delete(execution.job.id);
    await this.#deps.onLetGo(execution.job);
    this.wake();
  }

  #wakeIn(ms: number): void {
    if (this.#stopping.signal.aborted) return;
    const alarm = setTimeout(() => {
      this.#alarms.delete(alarm);
      this.wake();
    }, ms).unref();
    this.#alarms.add(alarm);
  }

  /** Prolong what is in hand, and hear what somebody else wrote to it. */
  async #renew(): Promise<void> {
    const active = [...this.#active.values()].map(({ execution }) => execution);
    try {
      const held = await this.#deps.store.renew(
        this.#deps.owner,
        active.map(({ job }) => job.id),
        this.#deps.leaseMs,
      );
      const known = new Map(held.map((job) => [job.id, job]));
      for (const execution of active) {
        const job = known.get(execution.job.id);
        if (job === undefined) execution.lose();
        else if (job.cancelRequested) execution.cancel();
      }
    } catch (error) {
      // Nobody else can take them either while the database is away; the next beat will do.
      this.#logger.debug({ err: error }, 'could not renew the leases of jobs');
    }
  }
}
