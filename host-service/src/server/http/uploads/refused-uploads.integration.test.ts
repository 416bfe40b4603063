import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LimenError, UPLOADS_PATH } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { http } from '../../../../../tests/fixtures/https.ts';
import { principalOf } from '../../../../../tests/fixtures/in-memory-ports.ts';
import { run } from '../../../../../tests/fixtures/run.ts';
import {
  answerOf,
  closed,
  encodeMetadata,
  MAX_UPLOAD_BYTES,
  UploadRig,
} from '../../../../../tests/fixtures/upload-rig.ts';

/** What the endpoint refuses, and that nothing is left of it. */

const MIB = 2 ** 20;
const GIB = 2 ** 30;

let rig: UploadRig;

beforeEach(async () => {
  rig = await UploadRig.start();
});

afterEach(() => rig.close());

test.each([
  ['a path', { name: '../../etc/cron.d/x' }],
  ['a NUL', { name: 'a\0b' }],
  ['300 characters', { name: 'x'.repeat(300) }],
  ['300 characters of file name', { filename: 'x'.repeat(300) }],
  ['a checksum that is none', { sha256: 'abc' }],
  ['no truth', { shared: 'perhaps' }],
])('metadata with %s is refused with the field', async (_what, metadata) => {
  const answer = await rig.begin({ metadata });
  const [field] = Object.keys(metadata);
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ code: 'INVALID_INPUT', data: { issues: [{ path: [field] }] } });
  expect(await rig.leftovers()).toEqual([]);
});

test('names that are only odd are kept as they are, and name no file', async () => {
  for (const name of ['<xml attr="&amp;">', '🐧'.repeat(40), '..', '$(reboot); rm -rf']) {
    const path = await rig.begun({ length: '1', metadata: { name, filename: '../../etc/passwd' } });
    expect((await rig.patch(path, 0, Buffer.from('x'))).status).toBe(204);
    expect(rig.jobs.enqueued.at(-1)).toMatchObject({ args: { name } });
  }
  for (const file of await rig.leftovers()) expect(file).toMatch(/^[0-9a-f-]{36}(\.json)?$/);
});

test.each([
  ['larger than the limit', String(MAX_UPLOAD_BYTES + 1), 422, 'UNSUITABLE_IMAGE'],
  ['empty', '0', 422, 'UNSUITABLE_IMAGE'],
  ['negative', '-1', 400, 'INVALID_INPUT'],
  ['no number', '1e3', 400, 'INVALID_INPUT'],
  ['beyond all numbers', '9'.repeat(30), 400, 'INVALID_INPUT'],
  ['missing', null, 400, 'INVALID_INPUT'],
])('a length that is %s is refused', async (_what, length, status, code) => {
  const answer = await rig.begin({ length });
  expect({ status: answer.status, code: LimenError.from(answer.json()).code }).toEqual({ status, code });
  expect(await rig.leftovers()).toEqual([]);
});

test('a length that is left for later is refused', async () => {
  const headers = {
    ...rig.tus(),
    'upload-defer-length': '1',
    'upload-metadata': encodeMetadata({ filename: 'a', name: 'a' }),
  };
  const answer = await http(rig.server, UPLOADS_PATH, { method: 'POST', headers });
  expect(answer.status).toBe(400);
  expect(await rig.leftovers()).toEqual([]);
});

test('an unknown preset is refused', async () => {
  const answer = await rig.begin({ metadata: { presetId: 'plan9' } });
  expect(answer.json()).toMatchObject({ code: 'NOT_FOUND', data: { kind: 'preset' } });
});

test('of another’s upload nobody learns that it is there, administrators neither', async () => {
  const path = await rig.begun();
  for (const role of ['user', 'administrator'] as const) {
    const other = rig.server.sessions.admit(principalOf(role));
    expect((await rig.head(path, other)).status).toBe(404);
    expect(await rig.patch(path, 0, Buffer.from('x'), other)).toMatchObject({ status: 404 });
    expect((await http(rig.server, path, { method: 'DELETE', headers: rig.tus(other) })).status).toBe(404);
  }
  for (const odd of ['00000000-0000-4000-8000-000000000000', '..%2f..%2fetc%2fpasswd', '%00', 'x'.repeat(90)])
    expect((await rig.head(`${UPLOADS_PATH}/${odd}`)).status).toBe(404);
  expect(await rig.offsetOf(path)).toBe(0);
});

test('without a good token nothing begins and nothing goes on', async () => {
  const path = await rig.begun();
  const expired = rig.server.sessions.admit(
    principalOf('user', { userId: rig.ada.userId, expiresAt: Date.now() - 1 }),
  );
  for (const bad of ['forged', expired]) {
    expect((await rig.begin({ token: bad })).status).toBe(401);
    expect((await rig.patch(path, 0, Buffer.from('x'), bad)).status).toBe(401);
    expect((await rig.head(path, bad)).status).toBe(401);
  }
  const anonymous = await http(rig.server, UPLOADS_PATH, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect(anonymous.json()).toMatchObject({ code: 'UNAUTHENTICATED', data: { reason: 'missing' } });
});

test('a part that does not begin where what is here ends changes nothing', async () => {
  const path = await rig.begun();
  expect((await rig.patch(path, 0, Buffer.from('abc'))).status).toBe(204);
  for (const offset of [0, 2, 4, 1000])
    expect((await rig.patch(path, offset, Buffer.from('x'))).status).toBe(409);
  expect(await rig.offsetOf(path)).toBe(3);
});

test('more than was announced is refused', async () => {
  const path = await rig.begun({ length: '3' });
  expect((await rig.patch(path, 0, Buffer.from('abcd'))).status).toBe(400);
  expect(await rig.offsetOf(path)).toBe(0);
});

test('who is refused while still sending hears why, and who does not stop is cut', async () => {
  const path = `${UPLOADS_PATH}/${randomUUID()}`;
  // More than all buffers on the way hold.
  const sending = rig.openPatch(path, 0, GIB);
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

test('what the disk cannot hold is refused before a byte is sent', async () => {
  await rig.restart({ reserveDiskBytes: Number.MAX_SAFE_INTEGER });
  const answer = await rig.begin();
  expect(answer.status).toBe(507);
  expect(answer.json()).toMatchObject({ code: 'STORAGE_FULL' });
  expect(await rig.leftovers()).toEqual([]);
});

test('a disk that fills up midway: 507, and nothing is left; with a reserve, what came is kept', async () => {
  const small = join(rig.directory, 'incoming');
  await mkdir(small);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small]);
  try {
    const other = join(small, 'of-somebody-else');
    const path = await rig.begun({ length: String(3 * MIB) });
    // Both are promised the same room only once.
    expect((await rig.begin({ length: String(2 * MIB) })).status).toBe(507);
    await writeFile(other, Buffer.alloc(2 * MIB));
    const answer = await rig.patch(path, 0, Buffer.alloc(3 * MIB));
    expect(answer.status).toBe(507);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'STORAGE_FULL' });
    expect(await readdir(small)).toEqual(['of-somebody-else', 'uploads']);
    expect(await readdir(join(small, 'uploads'))).toEqual([]);
    expect((await rig.head(path)).status).toBe(404);
    expect(rig.jobs.enqueued).toEqual([]);

    await rm(other);
    await rig.restart({ reserveDiskBytes: MIB });
    const kept = await rig.begun({ length: String(2 * MIB) });
    expect((await rig.patch(kept, 0, Buffer.alloc(MIB))).status).toBe(204);
    await writeFile(other, Buffer.alloc(2 * MIB));
    expect((await rig.patch(kept, MIB, Buffer.alloc(MIB))).status).toBe(507);
    await rm(other);
    expect((await rig.patch(kept, MIB, Buffer.alloc(MIB))).status).toBe(204);
  } finally {
    await run('umount', ['--lazy', small]);
  }
});

test('nobody has more unfinished ones than a desktop can use', async () => {
  for (let count = 0; count < 32; count += 1) await rig.begun({ length: '1' });
  expect((await rig.begin({ length: '1' })).status).toBe(429);
  const [first] = await readdir(join(rig.directory, 'incoming/uploads'));
  const path = `${UPLOADS_PATH}/${first?.replace('.json', '')}`;
  expect((await http(rig.server, path, { method: 'DELETE', headers: rig.tus() })).status).toBe(204);
  await rig.begun({ length: '1' });
  await rig.begun({ length: '1', token: rig.server.sessions.admit(principalOf('user')) });
});
