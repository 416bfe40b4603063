import { basename } from 'node:path';
import type { Upload, UploadState } from '@limen/contract';
import { TransferRate } from './transfer-rate.ts';
import type { UploadRecord } from './upload-record.ts';

/** What an upload does at this moment, while it holds one of its host's slots. */
interface Activity {
  readonly phase: 'hashing' | 'uploading' | 'resting';
  readonly bytes: number;
  readonly rate: TransferRate;
}

/** One upload as the queue holds it: what is on disk, and what is under way. */
export class UploadEntry {
  record: UploadRecord;
  activity: Activity | null = null;
  /** Ends what is under way; null when nothing is. */
  running: AbortController | null = null;
  /** Why the last attempt ended, until one moves bytes again. */
  setback: Upload['error'] = null;

  constructor(record: UploadRecord) {
    this.record = record;
  }

  /** Wants one of its host's slots: for its bytes, or to have them deleted there. */
  get wantsToRun(): boolean {
    const { cancelled, paused, error, jobId } = this.record;
    return this.running === null && (cancelled || (!paused && error === null && jobId === null));
  }

  /** @param bytes done before; they count for the rate only when something adds to them */
  begin(phase: Activity['phase'], bytes = 0): void {
    this.activity = { phase, bytes, rate: new TransferRate() };
  }

  /** @param now in ms */
  progress(bytes: number, now: number): void {
    if (this.activity === null) return;
    this.activity.rate.add(bytes, now);
    this.activity = { ...this.activity, bytes };
  }

  describe(): Upload {
    const { id, linkId, file, name, poolId, jobId, error, sentBytes } = this.record;
    const state = this.#state();
    const moving = state === 'hashing' || state === 'uploading' ? this.activity : null;
    const bytes = state === 'finishing' ? file.bytes : (moving?.bytes ?? sentBytes);
    return {
      id,
      linkId,
      fileName: basename(file.path),
      name,
      poolId,
      state,
      bytes,
      totalBytes: file.bytes,
      bytesPerSecond: moving?.rate.bytesPerSecond ?? null,
      remainingSeconds: moving?.rate.secondsFor(file.bytes - bytes) ?? null,
      error: error ?? (state === 'waiting' ? this.setback : null),
      jobId,
    };
  }

  #state(): UploadState {
    const { error, paused, jobId } = this.record;
    if (error !== null) return 'failed';
    if (jobId !== null) return 'finishing';
    if (paused) return 'paused';
    const phase = this.activity?.phase ?? 'resting';
    return phase === 'resting' ? 'waiting' : phase;
  }
}
