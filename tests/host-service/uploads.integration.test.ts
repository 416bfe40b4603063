import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Image, isFinished, type Job, UPLOADS_PATH } from '@limen/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DesktopDisk, DesktopLinks } from '../../src-main/test-support/desktop-links.ts';
import { identify } from '../../src-main/uploads/chosen-file.ts';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { http } from '../fixtures/https.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { privateStorage } from '../fixtures/private-storage.ts';
import { sha256OfFile, writeSparseImage } from '../fixtures/sparse-image.ts';
import { TcpProxy } from '../fixtures/tcp-proxy.ts';
import { UploadClient } from '../fixtures/upload-client.ts';
import { type AdministratorSession, signIn } from './session.ts';

/** Files on their way from real clients to the host service as a process of its own, over a line that is cut. */

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** The service is killed and started again in between, on whatever machine runs the tests. */
const LONG_TEST_MS = 180_000;

/**
 * What may have left the client and not arrived when something dies: buffers of four sockets (client, both ends of the
 * proxy, host), of which Linux lets each grow to 6 MiB at most (`tcp_rmem`), and some of the processes.
 */
const IN_FLIGHT = 16 * MIB;
/** Of TLS and HTTP. */
const OVERHEAD = 1.005;

let libvirtd: PrivateLibvirtd;
let service: HostService;
let session: AdministratorSession;
let storage: string;
let folder: string;
let proxy: TcpProxy;

beforeAll(async () => {
  libvirtd = await startLibvirtd();
  const { directory, environment } = await privateStorage(libvirtd, { scanDirectories: [] });
  storage = directory;
  service = await startHostService({ libvirtd, environment });
});

afterAll(async () => {
  await service?.stop();
  await libvirtd?.stop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limen-upload-'));
  proxy = await TcpProxy.start(service.address);
  session = await signIn(service);
});

afterEach(async () => {
  await session.close();
  await proxy.stop();
  await rm(folder, { recursive: true });
  for (const { id } of await images())
    await http(target(), `/api/v1/images/${id}`, { method: 'DELETE', headers: bearer() });
  expect(await filesInStore()).toEqual([]);
});

function target(): { port: number } {
  return { port: Number(service.address.split(':')[1]) };
}

function bearer(): Record<string, string> {
  return { authorization: `Bearer ${session.tokens.accessToken}` };
}

async function images(): Promise<Image[]> {
  return (await http(target(), '/api/v1/images', { headers: bearer() })).json() as Image[];
}

/** Everything below the store but the records of uploads, which are kept for clients that ask. */
async function filesInStore(): Promise<string[]> {
  const entries = await readdir(storage, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.json')).map(({ name }) => name);
}

async function ended(jobId: string): Promise<Job> {
  let job: Job | undefined;
  await expect
    .poll(
      async () => {
        const jobs = (await http(target(), '/api/v1/jobs', { headers: bearer() })).json() as Job[];
        job = jobs.find(({ id }) => id === jobId);
        return job !== undefined && isFinished(job.state);
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  if (job === undefined) throw new Error('there is no such job');
  return job;
}

/** How much the host has; asked past the proxy. */
async function received(url: string): Promise<number> {
  const { pathname } = new URL(url);
  const headers = { ...bearer(), 'tus-resumable': '1.0.0' };
  const answer = await http(target(), pathname, { method: 'HEAD', headers });
  expect(answer.status).toBe(200);
  return Number(answer.headers['upload-offset']);
}

test(
  '1 GiB, with the client killed, the host killed and the line cut, five times in all, arrives whole and once',
  async () => {
    const file = join(folder, 'large.img');
    await writeSparseImage(file, GIB);
    const sha256 = await sha256OfFile(file);
    const metadata = { filename: 'large.img', name: 'large', shared: 'true', sha256 };
    let url: string | null = null;
    let arrived = 0;
    const begin = (): UploadClient =>
      new UploadClient({
        endpoint: `https://${proxy.address}${UPLOADS_PATH}`,
        file,
        token: session.tokens.accessToken,
        url,
        metadata,
      });
    for (const victim of ['client', 'host', 'line', 'client', 'host'] as const) {
      const before = proxy.sent;
      const client = begin();
      await proxy.after(GIB / 6, { cuts: victim === 'line' });
      if (victim === 'client') client.kill();
      if (victim === 'host') await service.kill();
      await client.ended;
      if (victim === 'host') await service.start();
      url = client.url;
      if (url === null) throw new Error(`no upload was begun: ${client.error}`);
      const now = await received(url);
      // All that had arrived has stayed, and all that was sent has arrived.
      expect(now - arrived).toBeGreaterThan(proxy.sent - before - (GIB / 6) * (OVERHEAD - 1) - IN_FLIGHT);
      arrived = now;
    }
    const before = proxy.sent;
    const last = begin();
    await last.ended;
    expect(last.error).toBeNull();
    // To the byte what was missing: nothing that had arrived went over the line again.
    expect(proxy.sent - before).toBeGreaterThan(GIB - arrived);
    expect(proxy.sent - before).toBeLessThan((GIB - arrived) * OVERHEAD + 64 * 1024);
    expect(proxy.sent).toBeLessThan(GIB * OVERHEAD + 5 * IN_FLIGHT);

    expect(await ended(last.job ?? '')).toMatchObject({ state: 'done', error: null });
    const [image] = await images();
    expect(image).toMatchObject({ name: 'large', sha256, virtualBytes: GIB, origin: 'upload', shared: true });
    expect(await sha256OfFile(image?.path ?? '')).toBe(sha256);
  },
  LONG_TEST_MS,
);

interface Desktop {
  readonly desktop: DesktopLinks;
  readonly disk: DesktopDisk;
  readonly close: () => void;
}

async function desktopOnTheLine(): Promise<Desktop> {
  const disk = new DesktopDisk();
  const desktop = new DesktopLinks(disk);
  const link = desktop.links.add(proxy.address, service.fingerprint);
  await desktop.untilState('needs-sign-in');
  await link.signIn({ ...service.administrator, remember: true });
  await desktop.untilState('live');
  return {
    desktop,
    disk,
    close: () => {
      desktop.close();
      disk.remove();
    },
  };
}

test(
  'the desktop brings a file over cuts, a kill of the host and a restart of its own, and shows the image',
  async () => {
    const bytes = 192 * MIB;
    const path = join(folder, 'debian.img');
    await writeSparseImage(path, bytes);
    const { desktop: first, disk, close } = await desktopOnTheLine();
    let desktop = first;
    try {
      const linkId = desktop.view.id;
      const sentBefore = proxy.sent;
      desktop.uploads.begin(await identify(path), { linkId, name: 'debian', shared: false, verify: true });
      await proxy.after(bytes / 4, { cuts: true });
      await desktop.untilState('waiting');
      await proxy.after(bytes / 4);
      await service.kill();
      await desktop.untilState('waiting');
      await service.start();
      await proxy.after(bytes / 4);
      desktop.close();
      desktop = new DesktopLinks(disk);
      desktop.links.start();
      await desktop.until(() => desktop.uploads.describe()[0]?.state === 'finishing');
      await desktop.until(() => desktop.uploads.describe().length === 0);
      expect(proxy.sent - sentBefore).toBeLessThan(bytes * OVERHEAD + 3 * IN_FLIGHT);
      const imagesOf = () =>
        [...desktop.links.libraries()].flatMap((message) =>
          message.type === 'images' && message.event.type === 'snapshot' ? message.event.images : [],
        );
      await desktop.until(() => imagesOf().length > 0);
      expect(imagesOf()).toMatchObject([{ name: 'debian', sha256: await sha256OfFile(path), shared: false }]);
    } finally {
      desktop.close();
      close();
    }
  },
  LONG_TEST_MS,
);

test('a file that is no image fails at the desktop with the reason, and leaves nothing', async () => {
  const path = join(folder, 'notes.iso');
  await writeFile(path, 'Not an image at all.');
  const { desktop, close } = await desktopOnTheLine();
  try {
    const wish = { linkId: desktop.view.id, name: 'notes', shared: false, verify: true };
    const id = desktop.uploads.begin(await identify(path), wish);
    await desktop.until(() => desktop.uploads.describe()[0]?.state === 'failed');
    expect(desktop.uploads.describe()[0]?.error).toMatchObject({
      code: 'UNSUITABLE_IMAGE',
      data: { reason: 'unknown-format' },
    });
    await desktop.uploads.cancel(id);
    expect(await images()).toEqual([]);
  } finally {
    close();
  }
});

test('bytes that are not those the client had are refused, and leave nothing', async () => {
  const path = join(folder, 'a.img');
  await writeSparseImage(path, MIB);
  const client = new UploadClient({
    endpoint: `https://${proxy.address}${UPLOADS_PATH}`,
    file: path,
    token: session.tokens.accessToken,
    url: null,
    metadata: { filename: 'a.img', name: 'a', sha256: '0'.repeat(64) },
  });
  await client.ended;
  expect(await ended(client.job ?? '')).toMatchObject({
    state: 'failed',
    error: { code: 'UNSUITABLE_IMAGE', data: { reason: 'checksum-mismatch' } },
  });
  expect(await images()).toEqual([]);
});
