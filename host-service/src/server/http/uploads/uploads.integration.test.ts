import { createHash, randomBytes } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UPLOAD_JOB_HEADER, UPLOADS_PATH } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { http } from '../../../../../tests/fixtures/https.ts';
import { answerOf, closed, UploadRig } from '../../../../../tests/fixtures/upload-rig.ts';

/** The endpoint on real sockets and real files; the jobs are only written down. */

const MIB = 2 ** 20;
const PATIENT = { timeout: 20_000 };

let rig: UploadRig;

beforeEach(async () => {
  rig = await UploadRig.start();
});

afterEach(() => rig.close());

test('a file comes in parts, and becomes one job however often its end is asked for', async () => {
  const bytes = randomBytes(3 * MIB);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = await rig.begun({
    length: String(bytes.length),
    metadata: { name: 'Debian 12 🐧', shared: 'true', sha256 },
  });
  expect(path).toMatch(/^\/uploads\/[0-9a-f-]{36}$/);
  expect(await rig.patch(path, 0, bytes.subarray(0, MIB))).toMatchObject({ status: 204 });
  expect(await rig.offsetOf(path)).toBe(MIB);
  const last = await rig.patch(path, MIB, bytes.subarray(MIB));
  const id = String(last.headers[UPLOAD_JOB_HEADER.toLowerCase()]);
  expect(last).toMatchObject({ status: 204, headers: { 'upload-offset': String(bytes.length) } });
  const [job] = rig.jobs.enqueued;
  const receivedPath = join(rig.directory, 'incoming', path.slice(UPLOADS_PATH.length + 1));
  expect(job).toMatchObject({
    kind: 'image.receive',
    createdBy: { userId: rig.ada.userId },
    args: { name: 'Debian 12 🐧', shared: true, origin: 'upload', receivedPath, expected: { value: sha256 } },
  });
  expect((await readFile(receivedPath)).equals(bytes)).toBe(true);
  // The job has moved the file away, and the service has been restarted.
  await rm(receivedPath);
  await rig.restart();
  const asked = await rig.head(path);
  expect(asked.headers).toMatchObject({
    'upload-offset': String(bytes.length),
    'upload-length': String(bytes.length),
  });
  expect(asked.headers[UPLOAD_JOB_HEADER.toLowerCase()]).toBe(id);
  expect(rig.jobs.enqueued).toHaveLength(1);
  expect((await rig.patch(path, bytes.length, Buffer.alloc(0))).status).toBe(409);
});

test('one that was complete when the database was away is handed over when somebody asks', async () => {
  const path = await rig.begun({ length: '5' });
  rig.jobs.isAway = true;
  expect((await rig.patch(path, 0, Buffer.from('bytes'))).status).toBe(503);
  expect((await rig.head(path)).status).toBe(503);
  rig.jobs.isAway = false;
  expect((await rig.head(path)).headers).toHaveProperty(UPLOAD_JOB_HEADER.toLowerCase());
  expect(rig.jobs.enqueued).toHaveLength(1);
});

test('and when nobody asks, at the next start of the service', async () => {
  const path = await rig.begun({ length: '5' });
  rig.jobs.isAway = true;
  await rig.patch(path, 0, Buffer.from('bytes'));
  rig.jobs.isAway = false;
  await rig.restart();
  await expect.poll(() => rig.jobs.enqueued.length, PATIENT).toBe(1);
});

test('a job that was written without its upload knowing is found again', async () => {
  const path = await rig.begun({ length: '5' });
  await rig.patch(path, 0, Buffer.from('bytes'));
  const id = path.slice(UPLOADS_PATH.length + 1);
  const record = join(rig.directory, 'incoming/uploads', `${id}.json`);
  await rig.server.close();
  const before = JSON.parse(await readFile(record, 'utf8')) as object;
  await writeFile(record, JSON.stringify({ ...before, jobId: null }));
  await rm(join(rig.directory, 'incoming', id));
  await rig.open();
  expect((await rig.head(path)).headers).toMatchObject({ 'upload-offset': '5' });
  expect(rig.jobs.enqueued).toHaveLength(1);
});

test('a session that is revoked cuts what it sends; what came before stays its owner’s', async () => {
  const path = await rig.begun({ length: String(2 * MIB) });
  const request = rig.openPatch(path, 0, 2 * MIB);
  const cut = closed(request);
  request.write(Buffer.alloc(MIB));
  await rig.untilWritten(path, MIB);
  if (rig.ada.sessionId === null) throw new Error('has a session');
  rig.server.sessions.revoke(rig.ada.sessionId);
  await cut;
  expect((await rig.head(path)).status).toBe(401);
  rig.signInAgain();
  await rig.untilOffset(path, MIB);
});

test('a client that is killed loses only what was on its way', async () => {
  const path = await rig.begun({ length: String(2 * MIB) });
  const request = rig.openPatch(path, 0, 2 * MIB);
  const cut = closed(request);
  request.write(Buffer.alloc(MIB, 'a'));
  await rig.untilWritten(path, MIB);
  request.destroy();
  await cut;
  await rig.untilOffset(path, MIB);
  expect((await rig.patch(path, MIB, Buffer.alloc(MIB, 'b'))).status).toBe(204);
  expect(rig.jobs.enqueued).toHaveLength(1);
  // It is how lines are: nothing to wake anybody for.
  expect(rig.server.logger.lines.join('\n')).not.toContain('"level":"error"');
  expect(rig.server.audit.entries.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
});

test('who comes again while the line still looks alive takes the upload over at once', async () => {
  const path = await rig.begun({ length: String(2 * MIB) });
  const request = rig.openPatch(path, 0, 2 * MIB);
  request.on('error', () => undefined);
  request.write(Buffer.alloc(MIB, 'a'));
  await rig.untilWritten(path, MIB);
  const began = performance.now();
  expect(await rig.offsetOf(path)).toBe(MIB);
  expect((await rig.patch(path, MIB, Buffer.alloc(MIB, 'b'))).status).toBe(204);
  // Far less than what the library would wait.
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(rig.jobs.enqueued).toHaveLength(1);
  request.destroy();
});

test('a client that sends nothing is cut, and so is one that never ends another request', async () => {
  await rig.restart({ uploadIdleMs: 300, requestMs: 300 });
  const path = await rig.begun({ length: '10' });
  const silent = rig.openPatch(path, 0, 10);
  const cut = closed(silent);
  silent.write('abc');
  await cut;
  expect(await rig.offsetOf(path)).toBe(3);
  const slow = httpsRequest({
    port: rig.server.port,
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
  await rig.restart({ requestMs: 300 });
  const path = await rig.begun({ length: '6' });
  const request = rig.openPatch(path, 0, 6);
  const answer = answerOf(request);
  for (const letter of 'abcdef') {
    request.write(letter);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  request.end();
  expect((await answer).status).toBe(204);
});

test('giving up removes everything, and stops the job', async () => {
  const path = await rig.begun({ length: '5' });
  await rig.patch(path, 0, Buffer.from('abc'));
  expect((await http(rig.server, path, { method: 'DELETE', headers: rig.tus() })).status).toBe(204);
  expect((await rig.head(path)).status).toBe(404);
  expect(await rig.leftovers()).toEqual([]);
  const finished = await rig.begun({ length: '1' });
  const { headers } = await rig.patch(finished, 0, Buffer.from('x'));
  expect((await http(rig.server, finished, { method: 'DELETE', headers: rig.tus() })).status).toBe(204);
  expect(rig.jobs.cancelled).toEqual([headers[UPLOAD_JOB_HEADER.toLowerCase()]]);
});

test('what nobody goes on with is removed in time, and what somebody does stays', async () => {
  const [old, young] = [await rig.begun(), await rig.begun()];
  for (const file of [old.slice(9), `uploads/${old.slice(9)}.json`])
    await utimes(join(rig.directory, 'incoming', file), daysAgo(8), daysAgo(8));
  expect(await rig.server.services.uploads.prune(daysAgo(7))).toBe(1);
  expect((await rig.head(old)).status).toBe(404);
  expect(await rig.offsetOf(young)).toBe(0);
  expect(await rig.leftovers()).toHaveLength(2);
});

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

test('records nobody can read go, with what they were of', async () => {
  const path = await rig.begun();
  await rig.server.close();
  const id = path.slice(UPLOADS_PATH.length + 1);
  await writeFile(join(rig.directory, 'incoming/uploads', `${id}.json`), '{"id"');
  await writeFile(join(rig.directory, 'incoming/uploads', `${id}.json.partial`), '{');
  await rig.open();
  expect((await rig.head(path)).status).toBe(404);
  expect(await rig.leftovers()).toEqual([]);
});

test('beginnings, ends and refusals are audited, without tokens; the log has them too', async () => {
  const path = await rig.begun({ length: '1', metadata: { name: 'a' } });
  await rig.patch(path, 0, Buffer.from('x'));
  await rig.begin({ metadata: { name: 'a\0b' } });
  await rig.patch(path, 0, Buffer.from('x'), 'forged');
  await http(rig.server, path, { method: 'DELETE', headers: rig.tus() });
  const imageId = path.slice(UPLOADS_PATH.length + 1);
  expect(rig.server.audit.entries).toMatchObject([
    { procedure: 'uploads.begin', outcome: 'ok', actor: { username: 'ada' }, detail: { imageId, name: 'a' } },
    { procedure: 'uploads.finish', outcome: 'ok', detail: { imageId } },
    { procedure: 'uploads.begin', outcome: 'INVALID_INPUT', actor: { username: 'ada' } },
    { procedure: 'uploads.receive', outcome: 'UNAUTHENTICATED', actor: null },
    { procedure: 'uploads.cancel', outcome: 'ok', detail: { imageId } },
  ]);
  const everything = JSON.stringify(rig.server.audit.entries) + rig.server.logger.lines.join('\n');
  expect(everything).not.toContain(rig.token);
  const metrics = await http(rig.server, '/metrics');
  expect(metrics.text).toContain('limen_uploaded_bytes_total 1');
});

test('answers carry the headers of every other, and let no page in', async () => {
  const { headers } = await rig.begin();
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['tus-resumable']).toBe('1.0.0');
  const without = await http(rig.server, UPLOADS_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${rig.token}` },
  });
  expect(without.status).toBe(400);
});
