import {
  isFinished,
  type Job,
  type JobId,
  type JobKind,
  type JobsEvent,
  type JobState,
} from '@limen/contract';
import { Bell } from './bell.ts';

/** Finished jobs that are still told of; older ones are found by their id only. */
export const RECENT_JOBS = 200;

type MayView = (job: Job) => boolean;

interface Watcher {
  readonly mayView: MayView;
  /** Not told yet. Ids only: a slow watcher gets each job once, as it is when it asks. */
  readonly changed: Set<JobId>;
  readonly bell: Bell;
}

/** Unfinished and recent jobs as clients see them, and those who follow them. */
export class JobBoard {
  readonly #jobs = new Map<JobId, Job>();
  readonly #watchers = new Set<Watcher>();

  has(jobId: JobId): boolean {
    return this.#jobs.has(jobId);
  }

  get(jobId: JobId): Job | undefined {
    return this.#jobs.get(jobId);
  }

  unfinishedIds(): JobId[] {
    return [...this.#jobs.values()].filter(({ state }) => !isFinished(state)).map(({ id }) => id);
  }

  countUnfinished(): { kind: JobKind; state: JobState; count: number }[] {
    const counts = new Map<string, { kind: JobKind; state: JobState; count: number }>();
    for (const { kind, state } of this.#jobs.values()) {
      if (isFinished(state)) continue;
      const known = counts.get(`${kind} ${state}`);
      if (known) known.count += 1;
      else counts.set(`${kind} ${state}`, { kind, state, count: 1 });
    }
    return [...counts.values()];
  }

  put(job: Job): void {
    this.#jobs.set(job.id, job);
    this.#tell(job);
    if (isFinished(job.state)) this.#forgetOldest();
  }

  remove(jobIds: readonly JobId[]): void {
    for (const jobId of jobIds) {
      const job = this.#jobs.get(jobId);
      if (job === undefined) continue;
      this.#jobs.delete(jobId);
      this.#tell(job);
    }
  }

  /** Newest first. */
  list(mayView: MayView): Job[] {
    return [...this.#jobs.values()].filter(mayView).sort((a, b) => compare(b.createdAt, a.createdAt));
  }

  async *watch(mayView: MayView, signal: AbortSignal): AsyncGenerator<JobsEvent, void, void> {
    const watcher: Watcher = { mayView, changed: new Set(), bell: new Bell() };
    this.#watchers.add(watcher);
    try {
      if (!signal.aborted) yield { type: 'snapshot', jobs: this.list(mayView) };
      while (!signal.aborted) {
        if (watcher.changed.size > 0) yield this.#takeChanges(watcher);
        else await watcher.bell.wait(signal);
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  #takeChanges({ changed }: Watcher): JobsEvent {
    const upserted: Job[] = [];
    const removed: JobId[] = [];
    for (const jobId of changed) {
      const job = this.#jobs.get(jobId);
      if (job) upserted.push(job);
      else removed.push(jobId);
    }
    changed.clear();
    return { type: 'changes', upserted, removed };
  }

  /** Whose a job is never changes, so who may see it now could see it before. */
  #tell(job: Job): void {
    for (const { mayView, changed, bell } of this.#watchers) {
      if (!mayView(job)) continue;
      changed.add(job.id);
      bell.ring();
    }
  }

  #forgetOldest(): void {
    const finished = [...this.#jobs.values()].filter(({ state }) => isFinished(state));
    if (finished.length <= RECENT_JOBS) return;
    finished.sort((a, b) => compare(a.finishedAt ?? '', b.finishedAt ?? ''));
    this.remove(finished.slice(0, finished.length - RECENT_JOBS).map(({ id }) => id));
  }
}

/** ISO 8601 in UTC sorts as text. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
