import { LimenError } from '@limen/contract';
import type { JobId } from '@limen/contract';
import { backoffMs } from '../host-link/backoff.ts';
import { pause } from '../host-link/deadline.ts';
import { assertUnchanged, sha256Of } from './chosen-file.ts';
import { sendFile, terminate } from './send-file.ts';
import type { UploadEntry } from './upload-entry.ts';
import type { UploadHost } from './upload-host.ts';
import type { UploadRecord } from './upload-record.ts';

/** How an upload tells its queue what became of it. */
export interface AttemptReport {
  /** To be kept on disk, and shown. */
  readonly save: (change: Partial<UploadRecord>) => void;
  /** To be shown. */
  readonly moved: () => void;
}

/**
 * Bring one file to its host, as often as that takes: there is no last attempt. Resolves with the host's job once
 * the host has every byte (null where it names none). Rejects with `LimenError` when only a person can help, and
 * with `CANCELLED` when the signal aborts.
 */
export async function carry(
  entry: UploadEntry,
  host: UploadHost,
  report: AttemptReport,
  signal: AbortSignal,
): Promise<JobId | null> {
  for (let failures = 0; ; ) {
    const before = entry.record.sentBytes;
    try {
      await assertUnchanged(entry.record.file);
      await hashOnce(entry, report, signal);
      return await send(entry, host, report, signal);
    } catch (error) {
      const failure = LimenError.is(error) ? error : new LimenError('INTERNAL', {}, { cause: error });
      if (signal.aborted) throw new LimenError('CANCELLED', {}, { cause: failure });
      if (failure.code === 'NOT_FOUND' && entry.record.url !== null) {
        // The host gave it up, after the time it keeps unfinished ones: only the beginning is left.
        report.save({ url: null, sentBytes: 0 });
      } else if (!passesByItself(failure)) throw failure;
      failures = entry.record.sentBytes > before ? 1 : failures + 1;
      entry.setback = failure.toJSON();
      entry.begin('resting');
      report.moved();
      await pause(backoffMs(failures), signal);
    }
  }
}

/** Have the host delete what it got. Resolves when that is done or cannot be; rejects when it is worth a try later. */
export async function discard({ record }: UploadEntry, host: UploadHost, signal: AbortSignal): Promise<void> {
  if (record.url === null) return;
  for (let failures = 1; ; failures += 1) {
    try {
      await terminate(host, record.url, signal);
      return;
    } catch (error) {
      if (signal.aborted) throw new LimenError('CANCELLED', {}, { cause: error });
      // What the host refuses to delete, it deletes when it has been left unfinished for long enough.
      if (!LimenError.is(error) || !passesByItself(error)) return;
      await pause(backoffMs(failures), signal);
    }
  }
}

async function hashOnce(entry: UploadEntry, report: AttemptReport, signal: AbortSignal): Promise<void> {
  const { verify, sha256, file, url } = entry.record;
  // The checksum travels with the request that makes the upload; later there is no place for it.
  if (!verify || sha256 !== null || url !== null) return;
  entry.begin('hashing');
  report.moved();
  const moved = (bytes: number): void => {
    entry.progress(bytes, performance.now());
    report.moved();
  };
  const digest = await sha256Of(file, moved, signal);
  await assertUnchanged(file);
  report.save({ sha256: digest });
}

async function send(
  entry: UploadEntry,
  host: UploadHost,
  report: AttemptReport,
  signal: AbortSignal,
): Promise<JobId | null> {
  entry.begin('uploading', entry.record.sentBytes);
  report.moved();
  let sent = entry.record.sentBytes;
  const listener = {
    located: (url: string) => {
      if (url !== entry.record.url) report.save({ url });
    },
    progress: (bytes: number) => {
      sent = bytes;
      entry.setback = null;
      entry.progress(bytes, performance.now());
      report.moved();
    },
  };
  try {
    return await sendFile(host, entry.record, listener, signal);
  } finally {
    report.save({ sentBytes: sent });
  }
}

/** Whether trying again may help without anybody doing anything. */
function passesByItself(error: LimenError): boolean {
  switch (error.code) {
    case 'CONNECTION_LOST':
    case 'TIMEOUT':
    case 'UNAUTHENTICATED':
    case 'RATE_LIMITED':
    case 'DATABASE_UNAVAILABLE':
    case 'HYPERVISOR_UNAVAILABLE':
      return true;
    case 'CONFLICT':
      return LimenError.is(error, 'CONFLICT') && error.data.reason === 'busy';
    case 'INVALID_INPUT':
    case 'FORBIDDEN':
    case 'NOT_FOUND':
    case 'QUOTA_EXCEEDED':
    case 'UNSUITABLE_IMAGE':
    case 'STORAGE_FULL':
    case 'UNSUPPORTED':
    case 'HYPERVISOR_ERROR':
    case 'CANCELLED':
    case 'INCOMPATIBLE':
    case 'CERTIFICATE_CHANGED':
    case 'FILE_CHANGED':
    case 'INTERNAL':
      return false;
  }
}
