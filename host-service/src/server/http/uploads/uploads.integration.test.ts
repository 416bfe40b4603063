import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { mkdtemp, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, jobId, LimenError, UPLOAD_JOB_HEADER, UPLOADS_PATH } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { http, type HttpAnswer } from '../../../../../tests/fixtures/https.ts';
import { noJobs, principalOf } from '../../../../../tests/fixtures/in-memory-ports.ts';
import { type InMemoryServer, startInMemoryServer } from '../../../../../tests/fixtures/in-memory-server.ts';
import { noReceiving } from '../../../../../tests/fixtures/no-receiving.ts';
import { run } from '../../../../../tests/fixtures/run.ts';
import type { Jobs, NewJob } from '../../../ports/jobs.ts';
import type { Principal } from '../../../ports/principal.ts';
import { createUploadFiles } from '../../../storage/upload-files.ts';

/** The endpoint on real sockets and real files; the jobs are only written down. */

const MIB = 1 << 20;
const GIB = 1 << 30;
const MAX_BYTES = 4 * MIB;
const PATIENT = { timeout: 20_000 };

/** Keeps what was enqueued, as a database does over restarts. */
class WrittenJobs implements Pick<Jobs, 'enqueue' | 'list' | 'cancel'> {
  readonly enqueued: NewJob[] = [];
  readonly cancelled: string[] = [];
  readonly #jobs: Job[] = [];
  isAway = false;

  async enqueue(job: NewJob): Promise<Job> {
    if (this.isAway) throw new LimenError('DATABASE_UNAVAILABLE', {});
    this.enqueued.push(job);
    const { name, imageId = null } = job.subject;
    const written: Job = {
      id: jobId.parse(randomUUID()),
      kind: job.kind,
      state: 'queued',
      subject: { name, machineId: null, imageId },
      step: null,
      fraction: null,
      bytes: null,
      cancelRequested: false,
      error: null,
      createdBy: { id: job.createdBy.userId, username: job.createdBy.username },
      createdAt: new Date(0).toISOString(),
      startedAt: null,
      finishedAt: null,
    };
    this.#jobs.unshift(written);
    return written;
  }

  async list({ userId }: Principal): Promise<Job[]> {
    if (this.isAway) throw new LimenError('DATABASE_UNAVAILABLE', {});
    return this.#jobs.filter(({ createdBy }) => createdBy?.id === userId);
  }

  async cancel(_principal: Principal, id: Job['id']): Promise<Job> {
    this.cancelled.push(id);
    const found = this.#jobs.find((job) => job.id === id);
    if (found === undefined) throw new LimenError('NOT_FOUND', { kind: 'job', id });
    return found;
  }
}

interface Setting {
  readonly reserveDiskBytes?: number;
  readonly requestMs?: number;
  readonly uploadIdleMs?: number;
}

let directory: string;
let jobs: WrittenJobs;
let server: InMemoryServer;
let ada: Principal;
let token: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'limen-uploads-'));
  jobs = new WrittenJobs();
  ada = principalOf('user', { username: 'ada' });
  await start();
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

async function restart(setting: Setting = {}): Promise<void> {
  await server.close();
  await start(setting);
}

async function start({ reserveDiskBytes = 0, ...timings }: Setting = {}): Promise<void> {
  server = await startInMemoryServer(
    { graceMs: 200, ...timings },
    {
      jobs: {
        ...noJobs,
        enqueue: jobs.enqueue.bind(jobs),
        list: jobs.list.bind(jobs),
        cancel: jobs.cancel.bind(jobs),
      },
      imageReceiving: {
        ...noReceiving,
        uploadFiles: createUploadFiles(directory),
        rules: { maxImageBytes: MAX_BYTES, reserveDiskBytes },
      },
    },
  );
  token = server.sessions.admit(ada);
}

interface Wish {
  readonly length?: string | null;
  readonly metadata?: Record<string, string>;
  readonly token?: string;
}

function encode(metadata: Record<string, string>): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

function tus(as: string = token): Record<string, string> {
  return { 'tus-resumable': '1.0.0', authorization: `Bearer ${as}` };
}

function begin({ length = '1000', metadata = {}, token: as = token }: Wish = {}): Promise<HttpAnswer> {
  return http(server, UPLOADS_PATH, {
    method: 'POST',
    headers: {
      ...tus(as),
      ...(length !== null && { 'upload-length': length }),
      'upload-metadata': encode({ filename: 'a.iso', name: 'a.iso', ...metadata }),
    },
  });
}

async function begun(wish: Wish = {}): Promise<string> {
  const { status, headers } = await begin(wish);
  expect(status).toBe(201);
  return String(headers.location);
}

function head(path: string, as: string = token): Promise<HttpAnswer> {
  return http(server, path, { method: 'HEAD', headers: tus(as) });
}

/** A PATCH whose body is written by the test. */
function openPatch(path: string, offset: number, length: number, as: string = token): ClientRequest {
  const request = httpsRequest({
    port: server.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    agent: false,
    method: 'PATCH',
    path,
    headers: {
      ...tus(as),
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
      'content-length': String(length),
      // Else it is Node's client that closes once it has an answer.
      connection: 'keep-alive',
    },
  });
  request.flushHeaders();
  return request;
}

async function answerOf(
  request: ClientRequest,
): Promise<{ status: number; headers: IncomingMessage['headers']; text: string }> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: Buffer.concat(chunks).toString(),
  };
}

function patch(path: string, offset: number, bytes: Buffer, as: string = token) {
  const request = openPatch(path, offset, bytes.length, as);
  request.end(bytes);
  return answerOf(request);
}

/** Resolves when the line is gone, whichever way. */
function closed(request: ClientRequest): Promise<void> {
  request.on('error', () => undefined);
  return new Promise((resolve) => request.once('close', resolve));
}

/** Everything that lies in the store, by path below it. */
async function leftovers(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function offsetOf(path: string): Promise<number> {
  return Number((await head(path)).headers['upload-offset']);
}

/** Asked until it is so: the server hears of a client that left at some later moment. */
async function untilOffset(path: string, offset: number): Promise<void> {
  await expect.poll(() => offsetOf(path), PATIENT).toBe(offset);
}

/** Looked at on the disk: asking the server would end the request that still sends. */
async function untilWritten(path: string, bytes: number): Promise<void> {
  const file = join(directory, 'incoming', path.slice(UPLOADS_PATH.length + 1));
  await expect.poll(async () => (await stat(file)).size, PATIENT).toBe(bytes);
}

test('a file comes in parts, and becomes one job however often its end is asked for', async () => {
  const bytes = randomBytes(3 * MIB);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = await begun({
    length: String(bytes.length),
    metadata: { name: 'Debian 12 🐧', shared: 'true', sha256 },
  });
  expect(path).toMatch(/^\/uploads\/[0-9a-f-]{36}$/);
  expect(await patch(path, 0, bytes.subarray(0, MIB))).toMatchObject({ status: 204 });
  expect(await offsetOf(path)).toBe(MIB);
  const last = await patch(path, MIB, bytes.subarray(MIB));
  const id = String(last.headers[UPLOAD_JOB_HEADER.toLowerCase()]);
  expect(last).toMatchObject({ status: 204, headers: { 'upload-offset': String(bytes.length) } });
  const [job] = jobs.enqueued;
  const receivedPath = join(directory, 'incoming', path.slice(UPLOADS_PATH.length + 1));
  expect(job).toMatchObject({
    kind: 'image.receive',
    createdBy: { userId: ada.userId },
    args: { name: 'Debian 12 🐧', shared: true, origin: 'upload', receivedPath, expected: { value: sha256 } },
  });
  expect((await readFile(receivedPath)).equals(bytes)).toBe(true);
  // The job has moved the file away, and the service has been restarted.
  await rm(receivedPath);
  await restart();
  const asked = await head(path);
  expect(asked.headers).toMatchObject({
    'upload-offset': String(bytes.length),
    'upload-length': String(bytes.length),
  });
  expect(asked.headers[UPLOAD_JOB_HEADER.toLowerCase()]).toBe(id);
  expect(jobs.enqueued).toHaveLength(1);
  expect((await patch(path, bytes.length, Buffer.alloc(0))).status).toBe(409);
});

test('one that was complete when the database was away is handed over when somebody asks', async () => {
  const path = await begun({ length: '5' });
  jobs.isAway = true;
  expect((await patch(path, 0, Buffer.from('bytes'))).status).toBe(503);
  expect((await head(path)).status).toBe(503);
  jobs.isAway = false;
  expect((await head(path)).headers).toHaveProperty(UPLOAD_JOB_HEADER.toLowerCase());
  expect(jobs.enqueued).toHaveLength(1);
});

test('and when nobody asks, at the next start of the service', async () => {
  const path = await begun({ length: '5' });
  jobs.isAway = true;
  await patch(path, 0, Buffer.from('bytes'));
  jobs.isAway = false;
  await restart();
  await expect.poll(() => jobs.enqueued.length, PATIENT).toBe(1);
});

test('a job that was written without its upload knowing is found again', async () => {
  const path = await begun({ length: '5' });
  await patch(path, 0, Buffer.from('bytes'));
  const id = path.slice(UPLOADS_PATH.length + 1);
  const record = join(directory, 'incoming/uploads', `${id}.json`);
  await server.close();
  const before = JSON.parse(await readFile(record, 'utf8')) as object;
  await writeFile(record, JSON.stringify({ ...before, jobId: null }));
  await rm(join(directory, 'incoming', id));
  await start();
  expect((await head(path)).headers).toMatchObject({ 'upload-offset': '5' });
  expect(jobs.enqueued).toHaveLength(1);
});

test.each([
  ['a path', { name: '../../etc/cron.d/x' }],
  ['a NUL', { name: 'a\0b' }],
  ['300 characters', { name: 'x'.repeat(300) }],
  ['300 characters of file name', { filename: 'x'.repeat(300) }],
  ['a checksum that is none', { sha256: 'abc' }],
  ['no truth', { shared: 'perhaps' }],
])('metadata with %s is refused with the field', async (_what, metadata) => {
  const answer = await begin({ metadata });
  const [field] = Object.keys(metadata);
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ code: 'INVALID_INPUT', data: { issues: [{ path: [field] }] } });
  expect(await leftovers()).toEqual([]);
});

test('names that are only odd are kept as they are, and name no file', async () => {
  for (const name of ['<xml attr="&amp;">', '🐧'.repeat(40), '..', '$(reboot); rm -rf']) {
    const path = await begun({ length: '1', metadata: { name, filename: '../../etc/passwd' } });
    expect((await patch(path, 0, Buffer.from('x'))).status).toBe(204);
    expect(jobs.enqueued.at(-1)).toMatchObject({ args: { name } });
  }
  for (const file of await leftovers()) expect(file).toMatch(/^[0-9a-f-]{36}(\.json)?$/);
});

test.each([
  ['larger than the limit', String(MAX_BYTES + 1), 422, 'UNSUITABLE_IMAGE'],
  ['empty', '0', 422, 'UNSUITABLE_IMAGE'],
  ['negative', '-1', 400, 'INVALID_INPUT'],
  ['no number', '1e3', 400, 'INVALID_INPUT'],
  ['beyond all numbers', '9'.repeat(30), 400, 'INVALID_INPUT'],
  ['missing', null, 400, 'INVALID_INPUT'],
])('a length that is %s is refused', async (_what, length, status, code) => {
  const answer = await begin({ length });
  expect({ status: answer.status, code: LimenError.from(answer.json()).code }).toEqual({ status, code });
  expect(await leftovers()).toEqual([]);
});

test('a length that is left for later is refused', async () => {
  const headers = {
    ...tus(),
    'upload-defer-length': '1',
    'upload-metadata': encode({ filename: 'a', name: 'a' }),
  };
  const answer = await http(server, UPLOADS_PATH, { method: 'POST', headers });
  expect(answer.status).toBe(400);
  expect(await leftovers()).toEqual([]);
});

test('an unknown preset is refused', async () => {
  const answer = await begin({ metadata: { presetId: 'plan9' } });
  expect(answer.json()).toMatchObject({ code: 'NOT_FOUND', data: { kind: 'preset' } });
});

test('of another’s upload nobody learns that it is there, administrators neither', async () => {
  const path = await begun();
  for (const role of ['user', 'administrator'] as const) {
    const other = server.sessions.admit(principalOf(role));
    expect((await head(path, other)).status).toBe(404);
    expect(await patch(path, 0, Buffer.from('x'), other)).toMatchObject({ status: 404 });
    expect((await http(server, path, { method: 'DELETE', headers: tus(other) })).status).toBe(404);
  }
  for (const odd of ['00000000-0000-4000-8000-000000000000', '..%2f..%2fetc%2fpasswd', '%00', 'x'.repeat(90)])
    expect((await head(`${UPLOADS_PATH}/${odd}`)).status).toBe(404);
  expect(await offsetOf(path)).toBe(0);
});

test('without a good token nothing begins and nothing goes on', async () => {
  const path = await begun();
  const expired = server.sessions.admit(
    principalOf('user', { userId: ada.userId, expiresAt: Date.now() - 1 }),
  );
  for (const bad of ['forged', expired]) {
    expect((await begin({ token: bad })).status).toBe(401);
    expect((await patch(path, 0, Buffer.from('x'), bad)).status).toBe(401);
    expect((await head(path, bad)).status).toBe(401);
  }
  const anonymous = await http(server, UPLOADS_PATH, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect(anonymous.json()).toMatchObject({ code: 'UNAUTHENTICATED', data: { reason: 'missing' } });
});

test('a session that is revoked cuts what it sends; what came before stays its owner’s', async () => {
  const path = await begun({ length: String(2 * MIB) });
  const request = openPatch(path, 0, 2 * MIB);
  const cut = closed(request);
  request.write(Buffer.alloc(MIB));
  await untilWritten(path, MIB);
  if (ada.sessionId === null) throw new Error('has a session');
  server.sessions.revoke(ada.sessionId);
  await cut;
  expect((await head(path)).status).toBe(401);
  ada = principalOf('user', { userId: ada.userId });
  token = server.sessions.admit(ada);
  await untilOffset(path, MIB);
});

test('a client that is killed loses only what was on its way', async () => {
  const path = await begun({ length: String(2 * MIB) });
  const request = openPatch(path, 0, 2 * MIB);
  const cut = closed(request);
  request.write(Buffer.alloc(MIB, 'a'));
  await untilWritten(path, MIB);
  request.destroy();
  await cut;
  await untilOffset(path, MIB);
  expect((await patch(path, MIB, Buffer.alloc(MIB, 'b'))).status).toBe(204);
  expect(jobs.enqueued).toHaveLength(1);
  // It is how lines are: nothing to wake anybody for.
  expect(server.logger.lines.join('\n')).not.toContain('"level":"error"');
  expect(server.audit.entries.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
});

test('who comes again while the line still looks alive takes the upload over at once', async () => {
  const path = await begun({ length: String(2 * MIB) });
  const request = openPatch(path, 0, 2 * MIB);
  request.on('error', () => undefined);
  request.write(Buffer.alloc(MIB, 'a'));
  await untilWritten(path, MIB);
  const began = performance.now();
  expect(await offsetOf(path)).toBe(MIB);
  expect((await patch(path, MIB, Buffer.alloc(MIB, 'b'))).status).toBe(204);
  // Far less than what the library would wait.
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(jobs.enqueued).toHaveLength(1);
  request.destroy();
});

test('a part that does not begin where what is here ends changes nothing', async () => {
  const path = await begun();
  expect((await patch(path, 0, Buffer.from('abc'))).status).toBe(204);
  for (const offset of [0, 2, 4, 1000])
    expect((await patch(path, offset, Buffer.from('x'))).status).toBe(409);
  expect(await offsetOf(path)).toBe(3);
});

test('more than was announced is refused', async () => {
  const path = await begun({ length: '3' });
  expect((await patch(path, 0, Buffer.from('abcd'))).status).toBe(400);
  expect(await offsetOf(path)).toBe(0);
});

test('who is refused while still sending hears why, and who does not stop is cut', async () => {
  const path = `${UPLOADS_PATH}/${randomUUID()}`;
  // More than all buffers on the way hold.
  const sending = openPatch(path, 0, GIB);
  const cut = closed(sending);
  const answer = answerOf(sending);
  const send = (): void => {
    while (!sending.destroyed && sending.write(Buffer.alloc(MIB)));
  };
  sending.on('drain', send);
  send();
  expect((await answer).status).toBe(404);
  await cut;
});

test('a client that sends nothing is cut, and so is one that never ends another request', async () => {
  await restart({ uploadIdleMs: 300, requestMs: 300 });
  const path = await begun({ length: '10' });
  const silent = openPatch(path, 0, 10);
  const cut = closed(silent);
  silent.write('abc');
  await cut;
  expect(await offsetOf(path)).toBe(3);
  const slow = httpsRequest({
    port: server.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    method: 'POST',
    path: '/api/v1/session/sign-in',
    headers: { 'content-type': 'application/json', 'content-length': '100' },
  });
  const cutToo = closed(slow);
  slow.write('{');
  await cutToo;
});

test('an upload may take longer than any other request', async () => {
  await restart({ requestMs: 300 });
  const path = await begun({ length: '6' });
  const request = openPatch(path, 0, 6);
  const answer = answerOf(request);
  for (const letter of 'abcdef') {
    request.write(letter);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  request.end();
  expect((await answer).status).toBe(204);
});

test('what the disk cannot hold is refused before a byte is sent', async () => {
  await restart({ reserveDiskBytes: Number.MAX_SAFE_INTEGER });
  const answer = await begin();
  expect(answer.status).toBe(507);
  expect(answer.json()).toMatchObject({ code: 'STORAGE_FULL' });
  expect(await leftovers()).toEqual([]);
});

test('a disk that fills up midway: 507, and nothing is left; with a reserve, what came is kept', async () => {
  const small = join(directory, 'incoming');
  await mkdir(small);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small]);
  try {
    const other = join(small, 'of-somebody-else');
    const path = await begun({ length: String(3 * MIB) });
    // Both are promised the same room only once.
    expect((await begin({ length: String(2 * MIB) })).status).toBe(507);
    await writeFile(other, Buffer.alloc(2 * MIB));
    const answer = await patch(path, 0, Buffer.alloc(3 * MIB));
    expect(answer.status).toBe(507);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'STORAGE_FULL' });
    expect(await readdir(small)).toEqual(['of-somebody-else', 'uploads']);
    expect(await readdir(join(small, 'uploads'))).toEqual([]);
    expect((await head(path)).status).toBe(404);
    expect(jobs.enqueued).toEqual([]);

    await rm(other);
    await restart({ reserveDiskBytes: MIB });
    const kept = await begun({ length: String(2 * MIB) });
    expect((await patch(kept, 0, Buffer.alloc(MIB))).status).toBe(204);
    await writeFile(other, Buffer.alloc(2 * MIB));
    expect((await patch(kept, MIB, Buffer.alloc(MIB))).status).toBe(507);
    await rm(other);
    expect((await patch(kept, MIB, Buffer.alloc(MIB))).status).toBe(204);
  } finally {
    await run('umount', ['--lazy', small]);
  }
});

test('nobody has more unfinished ones than a desktop can use', async () => {
  for (let count = 0; count < 32; count += 1) await begun({ length: '1' });
  expect((await begin({ length: '1' })).status).toBe(429);
  const [first] = await readdir(join(directory, 'incoming/uploads'));
  const path = `${UPLOADS_PATH}/${first?.replace('.json', '')}`;
  expect((await http(server, path, { method: 'DELETE', headers: tus() })).status).toBe(204);
  await begun({ length: '1' });
  await begun({ length: '1', token: server.sessions.admit(principalOf('user')) });
});

test('giving up removes everything, and stops the job', async () => {
  const path = await begun({ length: '5' });
  await patch(path, 0, Buffer.from('abc'));
  expect((await http(server, path, { method: 'DELETE', headers: tus() })).status).toBe(204);
  expect((await head(path)).status).toBe(404);
  expect(await leftovers()).toEqual([]);
  const finished = await begun({ length: '1' });
  const { headers } = await patch(finished, 0, Buffer.from('x'));
  expect((await http(server, finished, { method: 'DELETE', headers: tus() })).status).toBe(204);
  expect(jobs.cancelled).toEqual([headers[UPLOAD_JOB_HEADER.toLowerCase()]]);
});

test('what nobody goes on with is removed in time, and what somebody does stays', async () => {
  const [old, young] = [await begun(), await begun()];
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  for (const file of [old.slice(9), `uploads/${old.slice(9)}.json`])
    await utimes(join(directory, 'incoming', file), days(8), days(8));
  expect(await server.services.uploads.prune(days(7))).toBe(1);
  expect((await head(old)).status).toBe(404);
  expect(await offsetOf(young)).toBe(0);
  expect(await leftovers()).toHaveLength(2);
});

test('records nobody can read go, with what they were of', async () => {
  const path = await begun();
  await server.close();
  const id = path.slice(UPLOADS_PATH.length + 1);
  await writeFile(join(directory, 'incoming/uploads', `${id}.json`), '{"id"');
  await writeFile(join(directory, 'incoming/uploads', `${id}.json.partial`), '{');
  await start();
  expect((await head(path)).status).toBe(404);
  expect(await leftovers()).toEqual([]);
});

test('beginnings, ends and refusals are audited, without tokens; the log has them too', async () => {
  const path = await begun({ length: '1', metadata: { name: 'a' } });
  await patch(path, 0, Buffer.from('x'));
  await begin({ metadata: { name: 'a\0b' } });
  await patch(path, 0, Buffer.from('x'), 'forged');
  await http(server, path, { method: 'DELETE', headers: tus() });
  const imageId = path.slice(UPLOADS_PATH.length + 1);
  expect(server.audit.entries).toMatchObject([
    { procedure: 'uploads.begin', outcome: 'ok', actor: { username: 'ada' }, detail: { imageId, name: 'a' } },
    { procedure: 'uploads.finish', outcome: 'ok', detail: { imageId } },
    { procedure: 'uploads.begin', outcome: 'INVALID_INPUT', actor: { username: 'ada' } },
    { procedure: 'uploads.receive', outcome: 'UNAUTHENTICATED', actor: null },
    { procedure: 'uploads.cancel', outcome: 'ok', detail: { imageId } },
  ]);
  const everything = JSON.stringify(server.audit.entries) + server.logger.lines.join('\n');
  expect(everything).not.toContain(token);
  const metrics = await http(server, '/metrics');
  expect(metrics.text).toContain('limen_uploaded_bytes_total 1');
});

test('answers carry the headers of every other, and let no page in', async () => {
  const { headers } = await begin();
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['tus-resumable']).toBe('1.0.0');
  const without = await http(server, UPLOADS_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(without.status).toBe(400);
});
