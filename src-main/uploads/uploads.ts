import { randomUUID } from 'node:crypto';
import { isFinished, LimenError, uploadId } from '@limen/contract';
import type { HostLinkId, Job, JobId, JobsEvent, Upload, UploadId, UploadWish } from '@limen/contract';
import type { Disposable } from '../common/disposable.ts';
import { carry, discard, type AttemptReport } from './attempt.ts';
import { UploadEntry } from './upload-entry.ts';
import type { UploadHost } from './upload-host.ts';
import type { FileIdentity, UploadRecord } from './upload-record.ts';

/** More at once only share the same line. */
const AT_ONCE = 2;
/** How often a screen hears of bytes that move. */
const PROGRESS_EVERY_MS = 250;

export interface UploadsDependencies {
  readonly host: (linkId: HostLinkId) => UploadHost | undefined;
  /** A job as last known; null for one that is not. */
  readonly job: (linkId: HostLinkId, jobId: JobId) => Job | null;
  readonly store: {
    read(): readonly UploadRecord[];
    write(records: readonly UploadRecord[]): void;
  };
  /** Told when {@link Uploads.describe} would say something else. */
  readonly changed: () => void;
}

/**
 * All files on their way to hosts: two at once to each, the others in the order they were begun. Uploads stop when
 * their link does and go on when it is live again, also after the desktop was restarted, from where the host has
 * them.
 */
export class Uploads implements Disposable {
  readonly #dependencies: UploadsDependencies;
  readonly #entries = new Map<UploadId, UploadEntry>();
  #tellLater: NodeJS.Timeout | null = null;
  #isDisposed = false;

  constructor(dependencies: UploadsDependencies) {
    this.#dependencies = dependencies;
    for (const record of dependencies.store.read()) this.#entries.set(record.id, new UploadEntry(record));
  }

  describe(): Upload[] {
    return [...this.#entries.values()]
      .filter(({ record }) => !record.cancelled)
      .map((entry) => entry.describe());
  }

  begin(file: FileIdentity, wish: Omit<UploadWish, 'token'>): UploadId {
    const { linkId, name, poolId, presetId, shared, verify } = wish;
    const id = uploadId.parse(randomUUID());
    this.#entries.set(
      id,
      new UploadEntry({
        id,
        linkId,
        file,
        name,
        poolId: poolId ?? null,
        presetId: presetId ?? null,
        shared,
        verify,
        sha256: null,
        paused: false,
        cancelled: false,
        url: null,
        sentBytes: 0,
        jobId: null,
        error: null,
      }),
    );
    this.#settle();
    return id;
  }

  /** Throws `CONFLICT` (`wrong-state`) once the host has every byte. */
  pause(id: UploadId): void {
    const entry = this.#get(id);
    if (entry.record.jobId !== null && entry.record.error === null)
      throw new LimenError('CONFLICT', { reason: 'wrong-state', state: entry.describe().state });
    entry.running?.abort();
    this.#save(entry, { paused: true });
  }

  /** Go on after a pause or a failure. */
  resume(id: UploadId): void {
    const entry = this.#get(id);
    const { error, jobId } = entry.record;
    // The job failed, and has deleted the bytes it was to make an image of.
    const anew = error !== null && jobId !== null ? { url: null, sentBytes: 0, jobId: null } : {};
    this.#save(entry, { ...anew, paused: false, error: null });
  }

  /** Give an upload up, or have the host undo the job that came of it. */
  async cancel(id: UploadId): Promise<void> {
    const entry = this.#get(id);
    const { linkId, jobId, error, url } = entry.record;
    if (jobId !== null && error === null) {
      const host = this.#dependencies.host(linkId);
      if (host === undefined) throw new LimenError('CONNECTION_LOST', {});
      await host.call((client, signal) => client.jobs.cancel({ jobId }, { signal }));
      return;
    }
    entry.running?.abort();
    if (url === null || jobId !== null) this.#remove(entry);
    else this.#save(entry, { cancelled: true, paused: false, error: null });
  }

  /** States of links have changed. */
  linksChanged(): void {
    for (const entry of this.#entries.values()) if (!this.#isLive(entry)) entry.running?.abort();
    this.#startNext();
  }

  /** Jobs of a host have changed: some may be the last step of an upload. */
  jobsChanged(linkId: HostLinkId, event: JobsEvent): void {
    for (const entry of this.#entries.values()) {
      const { jobId, error } = entry.record;
      if (entry.record.linkId !== linkId || jobId === null || error !== null) continue;
      const job = this.#dependencies.job(linkId, jobId);
      if (job !== null) this.#follow(entry, job);
      // Finished so long ago that the host does not tell of it any more.
      else if (event.type === 'snapshot' || event.removed.includes(jobId)) this.#remove(entry);
    }
  }

  /** The host was removed, or its person signed out. What it got of unfinished ones it deletes in time. */
  forgetLink(linkId: HostLinkId): void {
    const gone = [...this.#entries.values()].filter(({ record }) => record.linkId === linkId);
    if (gone.length === 0) return;
    for (const entry of gone) {
      entry.running?.abort();
      this.#entries.delete(entry.record.id);
    }
    this.#settle();
  }

  /** Stop everything; it goes on at the next start. */
  dispose(): void {
    this.#isDisposed = true;
    for (const { running } of this.#entries.values()) running?.abort();
    if (this.#tellLater !== null) clearTimeout(this.#tellLater);
    this.#write();
  }

  #get(id: UploadId): UploadEntry {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.record.cancelled)
      throw new LimenError('NOT_FOUND', { kind: 'upload', id });
    return entry;
  }

  #isLive({ record }: UploadEntry): boolean {
    return this.#dependencies.host(record.linkId)?.state === 'live';
  }

  #startNext(): void {
    for (const entry of this.#entries.values()) {
      if (!entry.wantsToRun || !this.#isLive(entry)) continue;
      const { linkId } = entry.record;
      const taken = [...this.#entries.values()].filter(
        ({ record, running }) => record.linkId === linkId && running !== null,
      );
      const host = this.#dependencies.host(linkId);
      // Catches whatever it fails with.
      if (taken.length < AT_ONCE && host !== undefined) void this.#run(entry, host);
    }
  }

  async #run(entry: UploadEntry, host: UploadHost): Promise<void> {
    const running = new AbortController();
    entry.running = running;
    const report: AttemptReport = {
      save: (change) => this.#change(entry, change),
      moved: () => this.#tellSoon(),
    };
    try {
      if (entry.record.cancelled) {
        await discard(entry, host, running.signal);
        this.#entries.delete(entry.record.id);
      } else {
        this.#arrived(entry, await carry(entry, host, report, running.signal));
      }
    } catch (error) {
      const failure = LimenError.is(error) ? error : new LimenError('INTERNAL', {}, { cause: error });
      if (!running.signal.aborted) this.#change(entry, { error: failure.toJSON() });
    } finally {
      entry.running = null;
      entry.activity = null;
      this.#settle();
    }
  }

  /** The host has every byte. */
  #arrived(entry: UploadEntry, jobId: JobId | null): void {
    if (jobId === null) {
      this.#entries.delete(entry.record.id);
      return;
    }
    this.#change(entry, { jobId });
    const job = this.#dependencies.job(entry.record.linkId, jobId);
    if (job !== null) this.#follow(entry, job);
  }

  #follow(entry: UploadEntry, job: Job): void {
    if (!isFinished(job.state)) return;
    if (job.state === 'failed')
      this.#save(entry, { error: job.error ?? new LimenError('INTERNAL', {}).toJSON() });
    else this.#remove(entry);
  }

  #remove(entry: UploadEntry): void {
    this.#entries.delete(entry.record.id);
    this.#settle();
  }

  #save(entry: UploadEntry, change: Partial<UploadRecord>): void {
    this.#change(entry, change);
    this.#settle();
  }

  #change(entry: UploadEntry, change: Partial<UploadRecord>): void {
    entry.record = { ...entry.record, ...change };
    this.#write();
  }

  /** Something beyond bytes has changed: keep it, start what may start now, and tell. */
  #settle(): void {
    if (this.#isDisposed) return;
    this.#write();
    this.#startNext();
    this.#tell();
  }

  #write(): void {
    this.#dependencies.store.write([...this.#entries.values()].map(({ record }) => record));
  }

  #tellSoon(): void {
    this.#tellLater ??= setTimeout(() => this.#tell(), PROGRESS_EVERY_MS);
  }

  #tell(): void {
    if (this.#tellLater !== null) clearTimeout(this.#tellLater);
    this.#tellLater = null;
    this.#dependencies.changed();
  }
}
