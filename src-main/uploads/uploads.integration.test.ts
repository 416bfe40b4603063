import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, Upload, UploadId } from '@limen/contract';
import { LimenError } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OTHER_FINGERPRINT } from '../test-support/fake-host.ts';
import { aJob, aJobId, aLinkId } from '../test-support/records.ts';
import { cutAfter, TusHost } from '../../tests/fixtures/tus-host.ts';
import { identify } from './chosen-file.ts';
import { type UploadRecord, uploadRecord } from './upload-record.ts';
import { Uploads } from './uploads.ts';

const MIB = 1 << 20;
const SIZE = 48 * MIB;

let folder: string;
let host: TusHost;
let desktop: Desktop;

/** The uploads of a desktop over its restarts. */
class Desktop {
  /** As JSON, like on a disk. */
  #disk = '[]';
  #uploads: Uploads;
  #job: Job | null = null;
  #look: () => void = () => {};

  constructor() {
    this.#uploads = this.#start();
  }

  get uploads(): Uploads {
    return this.#uploads;
  }

  get records(): UploadRecord[] {
    return uploadRecord.array().parse(JSON.parse(this.#disk));
  }

  get first(): Upload | undefined {
    return this.#uploads.describe()[0];
  }

  async begin(name: string, bytes = SIZE, verify = false): Promise<UploadId> {
    const file = await identify(write(name, bytes));
    return this.#uploads.begin(file, { linkId: aLinkId, name, shared: false, verify });
  }

  restart(): void {
    this.#uploads.dispose();
    this.#uploads = this.#start();
  }

  /** The host tells of the job that an upload became. */
  tellJob(job: Job): void {
    this.#job = job;
    this.#uploads.jobsChanged(aLinkId, { type: 'changes', upserted: [job], removed: [] });
  }

  /** Resolves at the change that makes it true. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (holds()) resolve();
      };
      this.#look();
    });
  }

  untilGone(): Promise<void> {
    return this.until(() => this.first === undefined);
  }

  #start(): Uploads {
    const uploads = new Uploads({
      host: () => host,
      job: () => this.#job,
      store: {
        read: () => this.records,
        write: (records) => {
          if (uploads === this.#uploads || this.#uploads === undefined) this.#disk = JSON.stringify(records);
        },
      },
      changed: () => this.#look(),
    });
    return uploads;
  }
}

function write(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, randomBytes(bytes));
  return path;
}

function sha256(name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex');
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'limen-uploads-'));
  host = await TusHost.start();
  desktop = new Desktop();
});

afterEach(async () => {
  desktop.uploads.dispose();
  await host.stop();
  rmSync(folder, { recursive: true });
});

test('a file arrives with its checksum and name, and is listed until its job is done', async () => {
  host.jobId = aJobId();
  await desktop.begin('debian 12.iso', 3 * MIB, true);
  await desktop.until(() => desktop.first?.state === 'finishing');
  expect(desktop.first).toMatchObject({ bytes: 3 * MIB, jobId: aJobId(), error: null });
  expect(host.files).toEqual([sha256('debian 12.iso')]);
  expect(host.metadata).toEqual([
    { filename: 'debian 12.iso', name: 'debian 12.iso', shared: 'false', sha256: sha256('debian 12.iso') },
  ]);
  desktop.tellJob(aJob({ state: 'done' }));
  expect(desktop.uploads.describe()).toEqual([]);
  expect(desktop.records).toEqual([]);
});

test('five cuts of the line cost nothing that had arrived', async () => {
  host.incidents = Array.from({ length: 5 }, () => cutAfter(6 * MIB));
  await desktop.begin('a.iso');
  await desktop.untilGone();
  expect(host.files).toEqual([sha256('a.iso')]);
  expect(host.offsets).toHaveLength(6);
  for (const [index, offset] of host.offsets.entries())
    expect(offset).toBeGreaterThan(host.offsets[index - 1] ?? -1);
  // What was in the buffers of a cut line is lost; a finished part is not sent again.
  expect(host.received).toBeLessThan(SIZE * 1.2);
});

test('goes on after a restart of the desktop from where the host has it', async () => {
  const cut = new Promise<void>((resolve) => {
    host.incidents = [
      {
        afterBytes: 6 * MIB,
        happens: () => {
          desktop.restart();
          resolve();
        },
      },
    ];
  });
  await desktop.begin('a.iso');
  await cut;
  desktop.uploads.linksChanged();
  await desktop.untilGone();
  expect(host.files).toEqual([sha256('a.iso')]);
  expect(host.requests.filter((line) => line === 'POST')).toHaveLength(1);
  expect(host.offsets.at(-1)).toBeGreaterThan(MIB);
});

test('stops with the link, says so, and goes on when it is live again', async () => {
  host.incidents = [
    {
      afterBytes: 6 * MIB,
      happens: () => {
        host.state = 'waiting';
        desktop.uploads.linksChanged();
      },
    },
  ];
  await desktop.begin('a.iso');
  await desktop.until(() => host.state === 'waiting' && desktop.first?.state === 'waiting');
  host.state = 'live';
  desktop.uploads.linksChanged();
  await desktop.untilGone();
  expect(host.files).toEqual([sha256('a.iso')]);
});

async function pauseMidway(name = 'a.iso'): Promise<UploadId> {
  host.incidents = [{ afterBytes: 6 * MIB, happens: () => desktop.uploads.pause(id) }];
  const id = await desktop.begin(name);
  await desktop.until(() => desktop.first?.state === 'paused');
  return id;
}

test('a paused upload rests, over a restart too, until it is resumed', async () => {
  const id = await pauseMidway();
  desktop.restart();
  desktop.uploads.linksChanged();
  expect(desktop.first).toMatchObject({ state: 'paused', bytesPerSecond: null });
  desktop.uploads.resume(id);
  await desktop.untilGone();
  expect(host.files).toEqual([sha256('a.iso')]);
});

test('a file that changed meanwhile is refused, not mixed', async () => {
  const id = await pauseMidway();
  utimesSync(join(folder, 'a.iso'), new Date(), new Date('2030-01-01'));
  desktop.uploads.resume(id);
  await desktop.until(() => desktop.first?.state === 'failed');
  expect(desktop.first?.error).toMatchObject({ code: 'FILE_CHANGED', data: { reason: 'changed' } });
  rmSync(join(folder, 'a.iso'));
  desktop.uploads.resume(id);
  await desktop.until(() => desktop.first?.state === 'failed');
  expect(desktop.first?.error).toMatchObject({ data: { reason: 'missing', fileName: 'a.iso' } });
});

test('cancelling has the host delete what it got, later if it is away now', async () => {
  const id = await pauseMidway();
  expect(host.files).toHaveLength(1);
  host.state = 'waiting';
  await desktop.uploads.cancel(id);
  expect(desktop.uploads.describe()).toEqual([]);
  expect(desktop.records).toMatchObject([{ cancelled: true }]);
  desktop.restart();
  host.state = 'live';
  desktop.uploads.linksChanged();
  await desktop.until(() => desktop.records.length === 0);
  expect(host.requests.at(-1)).toBe('DELETE');
  expect(host.files).toEqual([]);
});

test('another certificate than the pinned one gets no byte of ours', async () => {
  host.fingerprint = OTHER_FINGERPRINT;
  await desktop.begin('a.iso', MIB);
  await desktop.until(() => desktop.first?.state === 'failed');
  expect(desktop.first?.error).toMatchObject({ code: 'CERTIFICATE_CHANGED' });
  expect(host.requests).toEqual([]);
});

test('an access token that ran out is renewed without losing what had arrived', async () => {
  host.expireToken();
  host.incidents = [
    {
      afterBytes: 6 * MIB,
      happens: (socket) => {
        host.expireToken();
        socket.destroy();
      },
    },
  ];
  await desktop.begin('a.iso');
  await desktop.untilGone();
  expect(host.renewals).toBe(2);
  expect(host.requests.filter((line) => line === 'POST')).toHaveLength(1);
  expect(host.files).toEqual([sha256('a.iso')]);
});

test('an upload the host has given up begins anew', async () => {
  const id = await pauseMidway();
  host.expireUploads();
  desktop.uploads.resume(id);
  await desktop.untilGone();
  expect(host.offsets).toEqual([0, 0]);
  expect(host.files).toEqual([sha256('a.iso')]);
});

test('two are sent at once, the third waits for its turn', async () => {
  await Promise.all(['a.iso', 'b.iso', 'c.iso'].map((name) => desktop.begin(name, 24 * MIB)));
  await desktop.untilGone();
  expect(host.mostAtOnce).toBe(2);
  expect(host.files.sort()).toEqual(['a.iso', 'b.iso', 'c.iso'].map(sha256).sort());
});

test('when its job fails an upload says why, and begins anew when it is resumed', async () => {
  host.jobId = aJobId();
  const id = await desktop.begin('a.iso', MIB);
  await desktop.until(() => desktop.first?.state === 'finishing');
  expect(() => desktop.uploads.pause(id)).toThrow(LimenError);
  const error = new LimenError('UNSUITABLE_IMAGE', { reason: 'encrypted', detail: '' }).toJSON();
  desktop.tellJob(aJob({ state: 'failed', error }));
  expect(desktop.first).toMatchObject({ state: 'failed', error: { code: 'UNSUITABLE_IMAGE' } });
  host.jobId = aJobId(2);
  desktop.uploads.resume(id);
  await desktop.until(() => desktop.first?.jobId === aJobId(2));
  expect(host.offsets).toEqual([0, 0]);
});

test('cancelling while the host makes an image of the bytes cancels that job', async () => {
  host.jobId = aJobId();
  const id = await desktop.begin('a.iso', MIB);
  await desktop.until(() => desktop.first?.state === 'finishing');
  await desktop.uploads.cancel(id);
  expect(host.cancelledJobs).toEqual([aJobId()]);
  desktop.tellJob(aJob({ state: 'cancelled' }));
  expect(desktop.uploads.describe()).toEqual([]);
});
