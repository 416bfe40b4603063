import { type JobId, LimenError } from '@limen/contract';
import type { Jobs, NewJob } from '../../ports/jobs.ts';
import type { Principal } from '../../ports/principal.ts';
import type { UploadFiles, UploadRecord } from '../../ports/upload-files.ts';
import type { UploadVolumeArgs } from '../storage/upload-volume-job.ts';
import { volumeClaim } from '../storage/volume-users.ts';
import type { Admission } from './admission/admission.ts';
import type { UploadBook } from './upload-book.ts';

export interface HandOverDependencies {
  readonly files: Pick<UploadFiles, 'sync' | 'pathOf'>;
  readonly jobs: Pick<Jobs, 'enqueue' | 'list'>;
  readonly book: UploadBook;
}

/**
 * Gives finished uploads to the job that makes images of them: one each, however often it is asked and wherever the
 * process died before.
 */
export class UploadHandOver {
  readonly #deps: HandOverDependencies;
  readonly #running = new Map<string, Promise<JobId>>();

  constructor(deps: HandOverDependencies) {
    this.#deps = deps;
  }

  /** Of an upload that has every byte. Rejects with `DATABASE_UNAVAILABLE`: ask again later. */
  give(record: UploadRecord): Promise<JobId> {
    const running = this.#running.get(record.id);
    if (running !== undefined) return running;
    const giving = this.#give(record).finally(() => this.#running.delete(record.id));
    this.#running.set(record.id, giving);
    return giving;
  }

  /** Resolves when nothing is being given for it any more. */
  async settled(id: string): Promise<void> {
    await this.#running.get(id)?.catch(() => undefined);
  }

  /** The job that was given an upload already, by an answer that never came; null when there is none. */
  async jobOf({ id, owner }: UploadRecord): Promise<JobId | null> {
    const jobs = await this.#deps.jobs.list(asPrincipal(owner));
    const kinds: readonly string[] = ['image.receive', 'volume.upload'];
    return jobs.find(({ kind, subject }) => kinds.includes(kind) && subject.imageId === id)?.id ?? null;
  }

  async #give(record: UploadRecord): Promise<JobId> {
    const { files, book } = this.#deps;
    // The process may have died between the job's row and the record.
    let jobId = await this.jobOf(record);
    if (jobId === null) {
      // From here on nobody can be asked for the bytes again.
      await files.sync(record.id);
      jobId = await this.#enqueue(record);
    }
    await book.put({ ...record, jobId });
    return jobId;
  }

  async #enqueue(record: UploadRecord): Promise<JobId> {
    try {
      return (await this.#deps.jobs.enqueue(newJob(record, this.#deps.files.pathOf(record.id)))).id;
    } catch (error) {
      const jobId = LimenError.is(error, 'CONFLICT') ? await this.jobOf(record) : null;
      if (jobId === null) throw error;
      return jobId;
    }
  }
}

/** The owner of an upload, who is not there to ask. */
export function asPrincipal(owner: UploadRecord['owner']): Principal {
  return { ...owner, role: 'user', sessionId: null, expiresAt: Infinity };
}

function newJob(record: UploadRecord, receivedPath: string): NewJob {
  const { id, owner, name, poolId, presetId, shared, sha256 } = record;
  if (poolId !== null) {
    const volume = { poolId, name };
    const args: UploadVolumeArgs = { volume, receivedPath, sha256, claims: [volumeClaim(volume)] };
    return {
      kind: 'volume.upload',
      args,
      // No image comes of it; by the id the upload finds its job again.
      subject: { name, imageId: id },
      createdBy: owner,
      dedupeKey: volumeClaim(volume),
    };
  }
  const args: Admission = {
    imageId: id,
    receivedPath,
    name,
    kind: null,
    presetId,
    shared,
    ownerId: owner.userId,
    origin: 'upload',
    sourceUrl: null,
    expected: sha256 === null ? null : { algorithm: 'sha256', value: sha256 },
  };
  return {
    kind: 'image.receive',
    args,
    subject: { name, imageId: id },
    createdBy: owner,
    dedupeKey: `upload ${id}`,
  };
}
