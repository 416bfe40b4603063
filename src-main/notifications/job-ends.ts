import { isFinished } from '@limen/contract';
import type { HostLinkId, Job, JobId, JobsEvent, UserId } from '@limen/contract';

/**
 * Tells which jobs of a person end before our eyes. What a snapshot says has ended, ended while nobody was
 * connected, perhaps days ago: that is no news.
 */
export class JobEnds {
  /** Of each link, which jobs are known, and whether they have ended. */
  readonly #ended = new Map<HostLinkId, Map<JobId, boolean>>();

  /** @returns the person's jobs that were done or failed by this event */
  receive(linkId: HostLinkId, event: JobsEvent, person: UserId | null): Job[] {
    if (event.type === 'snapshot') {
      this.#ended.set(linkId, new Map(event.jobs.map((job) => [job.id, isFinished(job.state)])));
      return [];
    }
    const known = this.#ended.get(linkId) ?? new Map<JobId, boolean>();
    this.#ended.set(linkId, known);
    const news = event.upserted.filter(
      (job) =>
        (job.state === 'done' || job.state === 'failed') &&
        known.get(job.id) !== true &&
        person !== null &&
        job.createdBy?.id === person,
    );
    for (const job of event.upserted) known.set(job.id, isFinished(job.state));
    for (const id of event.removed) known.delete(id);
    return news;
  }

  forget(linkId: HostLinkId): void {
    this.#ended.delete(linkId);
  }
}
