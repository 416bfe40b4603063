import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Job, type JobId } from '@limen/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadOwnCertificate } from '../../host-service/src/auth/certificate.ts';
import { deferred } from '../fixtures/deferred.ts';
import { type FileServer, file, redirect, startFileServer } from '../fixtures/file-server.ts';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { jobEnded, untilJob } from '../fixtures/jobs.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { privateStorage } from '../fixtures/private-storage.ts';
import { rejection } from '../fixtures/rpc-client.ts';
import { type AdministratorSession, signIn } from './session.ts';

/** Images fetched by the host service as a process of its own, from servers that behave and that do not. */

/** A minute is not enough for a libvirtd and a service on a busy machine. */
const SET_UP_MS = 180_000;
const MIB = 2 ** 20;
const HALF = 2 * MIB;
const MAX_IMAGE_BYTES = 8 * MIB;
/** The one address the service may fetch from; names and redirects of the tests lead to another. */
const ADDRESS = '127.0.0.2';

const content = bareDisk(4 * MIB);
const digest = sha256(content);

let libvirtd: PrivateLibvirtd;
let service: HostService;
let session: AdministratorSession;
let storage: string;
let secure: FileServer;
let server: FileServer;

beforeAll(async () => {
  libvirtd = await startLibvirtd();
  const certificates = join(libvirtd.guestDir, 'web');
  await mkdir(certificates);
  const { certificate, key } = await loadOwnCertificate(certificates, [ADDRESS]);
  secure = await startFileServer({ address: ADDRESS, tls: { cert: certificate, key } });
  const authority = join(certificates, 'authority.pem');
  await writeFile(authority, certificate);
  const { directory, environment } = await privateStorage(libvirtd, {
    maxImageBytes: MAX_IMAGE_BYTES,
    allowPrivateAddresses: [`${ADDRESS}/32`],
  });
  storage = directory;
  service = await startHostService({
    libvirtd,
    environment: { ...environment, NODE_EXTRA_CA_CERTS: authority },
  });
  session = await signIn(service);
}, SET_UP_MS);

afterAll(async () => {
  await session?.close();
  await service?.stop();
  await secure?.close();
  await libvirtd?.stop();
});

beforeEach(async () => {
  server = await startFileServer({ address: ADDRESS });
});

afterEach(async () => {
  await server.close();
  for (const { id } of await session.api.images.list({})) await session.api.images.delete({ imageId: id });
  expect(await files()).toEqual([]);
});

/** Begins like a partitioned disk, of no partition; what follows no compression makes smaller. */
function bareDisk(bytes: number): Buffer {
  const disk = randomBytes(bytes);
  disk.fill(0, 0, 512);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function files(): Promise<string[]> {
  const folders = await Promise.all(['incoming', 'images'].map((name) => readdir(join(storage, name))));
  return folders.flat();
}

type Import = Parameters<AdministratorSession['api']['images']['importUrl']>[0];

function begin(url: string, change: Partial<Import> = {}): Promise<Job> {
  return session.api.images.importUrl({ url, name: 'disk', ...change });
}

const until = (jobId: JobId, matches: (job: Job) => boolean): Promise<Job> =>
  untilJob(session.api, jobId, matches);

const ended = (jobId: JobId): Promise<Job> => jobEnded(session.api, jobId);

async function expectImage(job: Job): Promise<void> {
  expect(await ended(job.id)).toMatchObject({ state: 'done', error: null });
  const [image] = await session.api.images.list({});
  expect(image).toMatchObject({
    id: job.subject.imageId,
    format: 'raw',
    kind: 'disk',
    sha256: digest,
    origin: 'url',
  });
  expect(sha256(await readFile(image?.path ?? ''))).toBe(digest);
  expect(await readdir(join(storage, 'incoming'))).toEqual([]);
}

async function log(jobId: JobId): Promise<string> {
  const lines = (await session.api.jobs.get({ jobId })).log;
  return lines.map(({ text }) => text).join('\n');
}

describe('an image comes into the library', () => {
  test('over TLS, with its digest', async () => {
    const url = secure.serve('/debian-12-generic.raw', file({ content }));
    const job = await begin(`${url}?token=secret`, {
      name: 'Debian',
      shared: true,
      checksum: { type: 'digest', algorithm: 'sha256', value: digest.toUpperCase() },
    });
    expect(job).toMatchObject({ kind: 'image.import', subject: { name: 'Debian' } });
    await expectImage(job);
    const [image] = await session.api.images.list({});
    expect(image).toMatchObject({
      name: 'Debian',
      presetId: 'debian-12',
      shared: true,
      owner: { username: 'admin' },
      // Without what may have given access to it.
      sourceUrl: url,
      virtualBytes: content.length,
    });
    expect((await stat(image?.path ?? '')).mode & 0o777).toBe(0o644);
    expect(await log(job.id)).toContain('4.0 MiB');
  });

  test('with the digest that a sums file lists', async () => {
    const url = server.serve('/release/disk.raw', file({ content }));
    const list = `${'0'.repeat(64)} *other.raw\n${digest} *disk.raw\n`;
    const sums = secure.serve('/SHA256SUMS', file({ content: Buffer.from(list), type: 'text/plain' }));
    const job = await begin(url, { checksum: { type: 'sums-file', url: sums } });
    await expectImage(job);
    expect(await log(job.id)).toContain(`sha256 ${digest} is expected`);
  });

  test('unpacked, while its digest is of what is published', async () => {
    const packed = gzipSync(content);
    const checksum = { type: 'digest', algorithm: 'sha256', value: sha256(packed) } as const;
    const job = await begin(server.serve('/disk.raw.gz', file({ content: packed })), { checksum });
    await expectImage(job);
    expect(await log(job.id)).toContain('compressed with gzip');
  });

  test('through redirects, and from a server that does not tell its size', async () => {
    server.serve('/mirror/disk.raw', file({ content, length: false }));
    await expectImage(await begin(server.serve('/disk.raw', redirect('/mirror/disk.raw', 307))));
  });

  test.each(['kill -9', 'restart'])(
    'across a %s of the service, without fetching anything twice',
    async (how) => {
      const halted = server.serve('/disk.raw', file({ content, cut: HALF, atCut: () => {} }));
      const job = await begin(halted, { checksum: { type: 'digest', algorithm: 'sha256', value: digest } });
      await until(job.id, ({ bytes }) => bytes !== null && bytes.done >= HALF);
      await session.close();
      await (how === 'restart' ? service.stop({ keep: true }) : service.kill());
      server.serve('/disk.raw', file({ content }));
      await service.start();
      session = await signIn(service);
      await expectImage(job);
      expect(server.requests.map(({ range }) => range)).toEqual([undefined, `bytes=${HALF}-`]);
    },
  );
});

async function expectFailure(job: Job, reason: string): Promise<Job> {
  const failed = await ended(job.id);
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'UNSUITABLE_IMAGE', data: { reason } } });
  expect(await session.api.images.list({})).toEqual([]);
  expect(await files()).toEqual([]);
  return failed;
}

describe('nothing is left', () => {
  test('when the digest is another', async () => {
    const checksum = { type: 'digest', algorithm: 'sha256', value: '0'.repeat(64) } as const;
    const job = await begin(server.serve('/disk.raw', file({ content })), { checksum });
    await expectFailure(job, 'checksum-mismatch');
  });

  test('when the sums file does not list it, which is found out before it is fetched', async () => {
    const url = server.serve('/disk.raw', file({ content }));
    const sums = server.serve(
      '/SUMS',
      file({ content: Buffer.from(`${digest}  other.raw\n`), type: 'text/plain' }),
    );
    await expectFailure(
      await begin(url, { checksum: { type: 'sums-file', url: sums } }),
      'checksum-not-listed',
    );
    expect(server.requests.map(({ path }) => path)).toEqual(['/SUMS']);
  });

  test('when it is not there', async () => {
    const failed = await expectFailure(await begin(`${server.origin}/gone.raw`), 'download-failed');
    expect(failed.error).toMatchObject({ data: { detail: expect.stringContaining('404') } });
  });

  test('when it is a web page', async () => {
    const page = Buffer.from('<!doctype html><title>Sign in</title>');
    await expectFailure(
      await begin(server.serve('/disk.raw', file({ content: page, type: 'text/html' }))),
      'download-failed',
    );
    await expectFailure(await begin(server.serve('/disk.qcow2', file({ content: page }))), 'unknown-format');
  });

  test.each([true, false])('when it is too large; its size announced: %s', async (length) => {
    const large = Buffer.alloc(MAX_IMAGE_BYTES + 1);
    await expectFailure(
      await begin(server.serve('/disk.raw', file({ content: large, length }))),
      'too-large',
    );
  });

  test('when it leads out of TLS, unless a checksum tells what to expect', async () => {
    const url = secure.serve('/disk.raw', redirect(server.serve('/plain.raw', file({ content }))));
    const failed = await expectFailure(await begin(url), 'download-failed');
    expect(failed.error).toMatchObject({ data: { detail: expect.stringContaining('checksum') } });
    const checksum = { type: 'digest', algorithm: 'sha256', value: digest } as const;
    await expectImage(await begin(url, { checksum }));
  });

  test('when it leads in a circle', async () => {
    await expectFailure(await begin(server.serve('/disk.raw', redirect('/disk.raw'))), 'too-many-redirects');
  });

  test('when it leads to the host itself, by address or by name', async () => {
    const local = await startFileServer();
    try {
      const inside = local.serve('/disk.raw', file({ content }));
      await expectFailure(await begin(server.serve('/disk.raw', redirect(inside))), 'forbidden-address');
      await expectFailure(await begin(`http://localhost:${local.port}/disk.raw`), 'forbidden-address');
      expect(local.requests).toEqual([]);
    } finally {
      await local.close();
    }
  });

  test('when it is cancelled', async () => {
    const asked = deferred();
    const url = server.serve('/disk.raw', (request, response) => {
      response.once('close', asked.resolve);
      file({ content, cut: HALF, atCut: () => {} })(request, response);
    });
    const job = await begin(url);
    await until(job.id, ({ bytes }) => bytes !== null && bytes.done >= HALF);
    expect(await readdir(join(storage, 'incoming'))).toContain(`${job.subject.imageId}.partial`);
    await session.api.jobs.cancel({ jobId: job.id });
    expect(await ended(job.id)).toMatchObject({ state: 'cancelled', error: null });
    expect(await files()).toEqual([]);
    // The server is not kept waiting either.
    await asked.promise;
  });
});

describe('refused before anything is begun', () => {
  test.each([
    'http://127.0.0.1/disk.raw',
    'http://2130706433/disk.raw',
    'http://[::1]/disk.raw',
    'http://169.254.169.254/latest/meta-data',
  ])('%s', async (url) => {
    const refused = { code: 'UNSUITABLE_IMAGE', data: { reason: 'forbidden-address' } };
    expect(await rejection(begin(url))).toMatchObject(refused);
    const checksum = { type: 'sums-file', url } as const;
    expect(await rejection(begin(`${server.origin}/disk.raw`, { checksum }))).toMatchObject(refused);
  });

  test.each([
    'file:///etc/shadow',
    'ftp://127.0.0.2/disk.raw',
    'http://me:secret@127.0.0.2/disk.raw',
    'disk.raw',
  ])('%s', async (url) => {
    expect(await rejection(begin(url))).toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('an operating system that nobody knows', async () => {
    const call = begin(`${server.origin}/disk.raw`, { presetId: 'templeos' });
    expect(await rejection(call)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('the same address twice at once', async () => {
    const url = server.serve('/disk.raw', file({ content, cut: HALF, atCut: () => {} }));
    const { id: jobId } = await begin(url);
    expect(await rejection(begin(url))).toMatchObject({ code: 'CONFLICT', data: { reason: 'busy' } });
    await session.api.jobs.cancel({ jobId });
    await ended(jobId);
  });
});
