import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LimenError } from '@limen/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FileServer, file, redirect, startFileServer } from '../../../../tests/fixtures/file-server.ts';
import type { DownloadRequest } from '../../ports/downloads.ts';
import { AddressPolicy } from './address-policy.ts';
import { Downloader } from './downloader.ts';
import { HttpSource } from './http-source.ts';

const MIB = 2 ** 20;
/** More than sockets buffer, so that it takes several reads. */
const content = randomBytes(3 * MIB);
const HALF = 1.5 * MIB;

let directory: string;
let path: string;
let server: FileServer;
let downloader: Downloader;
let told: string[];
let progress: [number, number][];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'limen-download-'));
  path = join(directory, 'image');
  // Not the address that redirects and names lead to: that one must stay forbidden.
  server = await startFileServer({ address: '127.0.0.2' });
  downloader = newDownloader();
  told = [];
  progress = [];
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

function newDownloader({ reserveDiskBytes = 0, patienceMs = 5_000 } = {}): Downloader {
  const policy = new AddressPolicy(['127.0.0.2/32']);
  const source = new HttpSource({ policy, patienceMs, userAgent: 'test' });
  return new Downloader({ source, reserveDiskBytes, repeats: { firstMs: 1, lastMs: 10, max: 3 } });
}

function fetch(url: string, change: Partial<DownloadRequest> = {}): Promise<void> {
  const request = { url, path, maxBytes: 10 * MIB, mayBecomeInsecure: false, ...change };
  return downloader.fetch(request, {
    signal: new AbortController().signal,
    onProgress: (done, total) => progress.push([done, total]),
    log: (text) => told.push(text),
  });
}

async function failure(work: Promise<unknown>): Promise<LimenError> {
  try {
    await work;
  } catch (error) {
    if (LimenError.is(error)) return error;
    throw error;
  }
  throw new Error('it should have failed');
}

async function expectWhole(expected = content): Promise<void> {
  // Not toEqual: it would print megabytes.
  expect((await readFile(path)).equals(expected)).toBe(true);
  expect(await readdir(directory)).toEqual(['image']);
}

const ranges = (): (string | undefined)[] => server.requests.map(({ range }) => range);

/** Sends half, then waits for good; resolves when that half lies on the disk. */
async function fetchHalf(url: string): Promise<void> {
  const stop = new AbortController();
  const request = { url, path, maxBytes: 10 * MIB, mayBecomeInsecure: false };
  const onProgress = (done: number): void => {
    if (done === HALF) stop.abort(new LimenError('CANCELLED', {}));
  };
  const fetching = downloader.fetch(request, { signal: stop.signal, onProgress, log: () => {} });
  expect(await failure(fetching)).toMatchObject({ code: 'CANCELLED' });
}

const halted = () => file({ content, cut: HALF, atCut: () => {} });

describe('a whole file', () => {
  test('with its size known beforehand', async () => {
    await fetch(server.serve('/image', file({ content })));
    await expectWhole();
    expect(progress.at(-1)).toEqual([content.length, content.length]);
    expect(told.join('\n')).toMatch(
      /fetching from 127\.0\.0\.2:\d+: 3\.0 MiB\nfetched 3\.0 MiB at [\d.]+ MiB\/s/,
    );
  });

  test('without its size', async () => {
    await fetch(server.serve('/image', file({ content, length: false })));
    await expectWhole();
    expect(progress).toEqual([]);
  });

  test('that is there already is not asked for', async () => {
    await writeFile(path, content);
    await fetch(server.serve('/image', file({ content })));
    expect(server.requests).toEqual([]);
  });
});

describe('going on', () => {
  test('after the connection broke, with what was missing', async () => {
    let tries = 0;
    const broken = file({ content, cut: HALF });
    const url = server.serve('/image', (request, response) => {
      (tries++ === 0 ? broken : file({ content }))(request, response);
    });
    await fetch(url);
    await expectWhole();
    const [first, second] = ranges();
    expect(first).toBeUndefined();
    // What the connection still held when it broke is lost; what lies on the disk is not asked for again.
    const from = Number(/^bytes=(\d+)-$/.exec(second ?? '')?.[1]);
    expect(from).toBeGreaterThan(MIB);
    expect(from).toBeLessThanOrEqual(HALF);
    expect(told).toContainEqual(expect.stringMatching(/the connection broke.*; trying again/));
  });

  test('after the connection broke before the first look at what it brings', async () => {
    let tries = 0;
    const broken = file({ content, cut: 1, atCut: (response) => void response.socket?.resetAndDestroy() });
    const url = server.serve('/image', (request, response) => {
      (tries++ < 3 ? broken : file({ content }))(request, response);
    });
    await fetch(url);
    await expectWhole();
  });

  test('as often as it takes, as long as each time brings more', async () => {
    let sent = 0;
    const url = server.serve('/image', (request, response) => {
      sent += 0.4 * MIB;
      file({ content, cut: Math.floor(sent) })(request, response);
    });
    await fetch(url);
    await expectWhole();
    expect(server.requests.length).toBeGreaterThan(7);
  });

  test('in a later life', async () => {
    await fetchHalf(server.serve('/image', halted()));
    downloader = newDownloader();
    await fetch(server.serve('/image', file({ content })));
    await expectWhole();
    expect(ranges()).toEqual([undefined, `bytes=${HALF}-`]);
    expect(progress[0]?.[0]).toBeGreaterThan(HALF);
  });

  test('where it was redirected to', async () => {
    server.serve('/mirror/2', halted());
    await fetchHalf(server.serve('/image', redirect('/mirror/2')));
    server.serve('/image', redirect('/mirror/1'));
    server.serve('/mirror/2', file({ content }));
    await fetch(`${server.origin}/image`);
    await expectWhole();
    expect(server.requests.map((request) => request.path)).toEqual(['/image', '/mirror/2', '/mirror/2']);
  });

  test('from the first address, when the one it led to is gone', async () => {
    server.serve('/mirror/2', halted());
    await fetchHalf(server.serve('/image', redirect('/mirror/2')));
    server.serve('/mirror/2', (_request, response) => void response.writeHead(403).end());
    server.serve('/image', file({ content }));
    await fetch(`${server.origin}/image`);
    await expectWhole();
    expect(ranges().at(-1)).toBe(`bytes=${HALF}-`);
  });

  test.each([
    ['the server knows no ranges', { content, ranges: false }],
    ['the file has changed', { content: randomBytes(MIB), etag: '"2"' }],
    ['it has become shorter under the same tag', { content: content.subarray(0, MIB) }],
  ])('from the beginning when %s', async (_why, served) => {
    await fetchHalf(server.serve('/image', halted()));
    await fetch(server.serve('/image', file(served)));
    await expectWhole(served.content);
  });

  test('from the beginning when another part comes than was asked for', async () => {
    await fetchHalf(server.serve('/image', halted()));
    const url = server.serve('/image', (request, response) => {
      if (request.headers.range === undefined) return file({ content })(request, response);
      const range = `bytes 5-${content.length - 1}/${content.length}`;
      response.writeHead(206, { etag: '"1"', 'content-range': range }).end(content.subarray(5));
    });
    await fetch(url);
    await expectWhole();
    expect(ranges()).toEqual([undefined, `bytes=${HALF}-`, undefined]);
  });

  test('not when nothing tells whether it is still the same file', async () => {
    await fetchHalf(server.serve('/image', file({ content, etag: null, cut: HALF, atCut: () => {} })));
    await fetch(server.serve('/image', file({ content, etag: null })));
    await expectWhole();
    expect(ranges()).toEqual([undefined, undefined]);
  });

  test('not with another address', async () => {
    await fetchHalf(server.serve('/other', halted()));
    await fetch(server.serve('/image', file({ content })));
    await expectWhole();
    expect(ranges()).toEqual([undefined, undefined]);
  });

  test('after the server was busy for a moment, or nothing arrived for too long', async () => {
    downloader = newDownloader({ patienceMs: 300 });
    const answers = [
      (_request: unknown, response: { writeHead(status: number): { end(): unknown } }) =>
        void response.writeHead(503).end(),
      halted(),
      file({ content }),
    ];
    const url = server.serve('/image', (request, response) => answers.shift()?.(request, response));
    await fetch(url);
    await expectWhole();
    expect(told.filter((line) => line.endsWith('trying again'))).toEqual([
      expect.stringContaining('status 503'),
      expect.stringContaining('nothing more arrived'),
    ]);
  });
});

describe('giving up', () => {
  test.each([
    ['it is not there', 404, 'answered with status 404'],
    ['it is for others', 401, 'answered with status 401'],
  ])('at once when %s', async (_why, status, detail) => {
    const url = server.serve('/image', (_request, response) => void response.writeHead(status).end());
    expect(await failure(fetch(url))).toMatchObject({
      code: 'UNSUITABLE_IMAGE',
      data: { reason: 'download-failed', detail: expect.stringContaining(detail) },
    });
    expect(server.requests).toHaveLength(1);
  });

  test('when the connection breaks again and again before anything arrives', async () => {
    const url = server.serve('/image', (_request, response) => void response.destroy());
    expect(await failure(fetch(url))).toMatchObject({ data: { reason: 'download-failed' } });
    expect(server.requests).toHaveLength(4);
  });

  test('at a web page', async () => {
    const url = server.serve('/image', file({ content, type: 'text/html; charset=utf-8' }));
    const error = await failure(fetch(url));
    expect(error.data).toMatchObject({ detail: expect.stringContaining('web page') });
  });

  test.each([true, false])('at a file that is too large, its size announced: %s', async (length) => {
    const url = server.serve('/image', file({ content, length }));
    const error = await failure(fetch(url, { maxBytes: MIB }));
    expect(error).toMatchObject({ code: 'UNSUITABLE_IMAGE', data: { reason: 'too-large' } });
    if (length) expect(progress).toEqual([]);
  });

  test('before the reserve of the disk is touched', async () => {
    downloader = newDownloader({ reserveDiskBytes: Number.MAX_SAFE_INTEGER });
    const url = server.serve('/image', file({ content }));
    expect(await failure(fetch(url))).toMatchObject({ code: 'STORAGE_FULL' });
  });

  test('when told to, and then nothing is left once it is discarded', async () => {
    await fetchHalf(server.serve('/image', halted()));
    expect(await readdir(directory)).toEqual(['image.partial', 'image.source']);
    await downloader.discard(path);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('where it may lead', () => {
  test('through five redirects and no more', async () => {
    for (let hop = 1; hop <= 5; hop++) server.serve(`/${hop}`, redirect(`/${hop + 1}`));
    server.serve('/6', file({ content }));
    await fetch(`${server.origin}/1`);
    await expectWhole();
    await rm(path);
    const error = await failure(fetch(server.serve('/0', redirect('/1'))));
    expect(error.data).toMatchObject({ reason: 'too-many-redirects' });
  });

  test('not in a circle', async () => {
    const error = await failure(fetch(server.serve('/image', redirect('/image'))));
    expect(error.data).toMatchObject({ reason: 'too-many-redirects' });
  });

  test.each([
    ['this machine', 'http://127.0.0.1:1/'],
    ['this machine, in decimal', 'http://2130706433:1/'],
    ['this machine, in octal', 'http://0177.0.0.1:1/'],
    ['this machine, abbreviated', 'http://127.1:1/'],
    ['this machine, mapped into IPv6', 'http://[::ffff:127.0.0.1]:1/'],
    ['this machine, by IPv6', 'http://[::1]:1/'],
    ['the metadata of a cloud', 'http://169.254.169.254/latest'],
    ['another protocol', 'file:///etc/passwd'],
    ['a password in the address', 'http://user:secret@127.0.0.2:1/'],
  ])('not to %s', async (_what, target) => {
    const refused = { code: 'UNSUITABLE_IMAGE', data: { reason: 'forbidden-address' } };
    expect(await failure(fetch(server.serve('/image', redirect(target))))).toMatchObject(refused);
    expect(await failure(Promise.resolve().then(() => downloader.check(target)))).toMatchObject(refused);
  });

  test('not to a name that stands for a forbidden address', async () => {
    const local = await startFileServer();
    try {
      local.serve('/image', file({ content }));
      const target = `http://localhost:${local.port}/image`;
      downloader.check(target);
      const error = await failure(fetch(server.serve('/image', redirect(target))));
      expect(error.data).toMatchObject({ reason: 'forbidden-address' });
      expect(local.requests).toEqual([]);
    } finally {
      await local.close();
    }
  });

  test('not to a name that does not exist', async () => {
    const error = await failure(fetch('http://nowhere.invalid/image'));
    expect(error.data).toMatchObject({ reason: 'download-failed' });
  });
});

describe('a text', () => {
  const signal = new AbortController().signal;

  test('is read whole', async () => {
    const url = server.serve('/SHA256SUMS', file({ content: Buffer.from('abc  image\n') }));
    expect(await downloader.readText(url, { maxBytes: 100, signal })).toBe('abc  image\n');
  });

  test('is not read when it is too long', async () => {
    const url = server.serve('/SHA256SUMS', file({ content, length: false }));
    const error = await failure(downloader.readText(url, { maxBytes: 100, signal }));
    expect(error.data).toMatchObject({ reason: 'too-large' });
  });
});
