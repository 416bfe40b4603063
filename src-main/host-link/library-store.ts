import type { Image, ImagesEvent, Job, JobsEvent } from '@limen/contract';
import { RecordSet } from './record-set.ts';

/**
 * The last known jobs and images of one host. Kept while the link is away, like the machines; a host that has
 * neither stays without.
 */
export class LibraryStore {
  readonly jobs = new RecordSet<Job>();
  readonly images = new RecordSet<Image>();

  applyJobs(event: JobsEvent): void {
    if (event.type === 'snapshot') this.jobs.replace(event.jobs);
    else this.jobs.change(event.upserted, event.removed);
  }

  applyImages(event: ImagesEvent): void {
    if (event.type === 'snapshot') this.images.replace(event.images);
    else this.images.change(event.upserted, event.removed);
  }

  /** All there is, for a window that just opened. */
  snapshots(): { readonly jobs: JobsEvent | null; readonly images: ImagesEvent | null } {
    const { all: jobs } = this.jobs;
    const { all: images } = this.images;
    return {
      jobs: jobs === null ? null : { type: 'snapshot', jobs },
      images: images === null ? null : { type: 'snapshot', images },
    };
  }

  /** Forget everything: another user signed in, or it is another host. */
  reset(): void {
    this.jobs.reset();
    this.images.reset();
  }
}
