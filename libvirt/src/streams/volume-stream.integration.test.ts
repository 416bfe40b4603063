import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { connectedClient } from '../../test-support/connected-client.ts';
import type { LibvirtClient } from '../client/libvirt-client.ts';
import { ErrorCode } from '../errors/codes.ts';
import { VolumeStreamFlag } from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';
import type { PoolRef, VolumeRef } from '../procedures/records.ts';
import { saveToFile, sendFile } from './file-streams.ts';

const { pools, volumes } = procedures;
const MIB = 1024 ** 2;

let daemon: PrivateLibvirtd;
let client: LibvirtClient;
let pool: PoolRef;
let folder: string;

beforeAll(async () => {
  daemon = await startLibvirtd();
  client = await connectedClient(daemon.socketPath);
  folder = await mkdtemp(join(tmpdir(), 'limen-streams-'));
  const images = join(daemon.imagesDir, 'pool');
  await mkdir(images);
  const xml = `<pool type='dir'><name>streams</name><target><path>${images}</path></target></pool>`;
  pool = await client.call(pools.define, { xml });
  await client.call(pools.create, { pool });
});

afterAll(async () => {
  await client.close();
  await daemon.stop();
  await rm(folder, { recursive: true, force: true });
});

function createVolume(name: string, bytes: number): Promise<VolumeRef> {
  const xml = `<volume><name>${name}</name><capacity unit='bytes'>${bytes}</capacity><allocation>0</allocation></volume>`;
  return client.call(volumes.create, { pool, xml });
}

test('what is uploaded is downloaded, and found by name and path', async () => {
  const volume = await createVolume('round-trip', 3 * MIB + 17);
  const data = randomBytes(3 * MIB + 17);
  const upload = await client.openStream(volumes.upload, { volume, offset: 0, length: data.length });
  upload.stream.end(data);
  await finished(upload.stream);
  const download = await client.openStream(volumes.download, { volume, offset: 0, length: 0 });
  expect((await buffer(download.stream)).equals(data)).toBe(true);
  expect(await client.call(volumes.lookupByName, { pool, name: 'round-trip' })).toEqual(volume);
  const path = await client.call(volumes.getPath, { volume });
  expect(await client.call(volumes.lookupByPath, { path })).toEqual(volume);
  expect((await client.call(volumes.getInfo, { volume })).capacity).toBe(data.length);
  expect(await client.call(pools.listVolumes, { pool })).toEqual([volume]);
  await client.call(volumes.delete, { volume });
});

test('an empty volume is one hole, and a hole can be written', async () => {
  const flags = VolumeStreamFlag.sparse;
  const volume = await createVolume('sparse', 64 * MIB);
  const sparse = { sparse: true };
  const empty = await client.openStream(volumes.download, { volume, offset: 0, length: 0, flags }, sparse);
  expect(await empty.stream.toArray()).toEqual([{ hole: 64 * MIB }]);
  const upload = await client.openStream(
    volumes.upload,
    { volume, offset: 0, length: 64 * MIB, flags },
    sparse,
  );
  upload.stream.write({ hole: 32 * MIB });
  upload.stream.write(Buffer.from('the middle'));
  upload.stream.write({ hole: 32 * MIB - 10 });
  upload.stream.end();
  await finished(upload.stream);
  const read = await client.openStream(volumes.download, { volume, offset: 32 * MIB, length: 10 });
  expect((await buffer(read.stream)).toString()).toBe('the middle');
  await client.call(volumes.delete, { volume });
});

test('more than was announced is an error that reaches the writer', async () => {
  const volume = await createVolume('small', MIB);
  const { stream } = await client.openStream(volumes.upload, { volume, offset: 0, length: 4096 });
  const done = finished(stream);
  stream.end(Buffer.alloc(MIB));
  await expect(done).rejects.toMatchObject({ code: ErrorCode.systemError });
  await client.call(volumes.delete, { volume });
});

test('a download given up leaves the client as it was', async () => {
  const volume = await createVolume('big', 256 * MIB);
  const { stream } = await client.openStream(volumes.download, { volume, offset: 0, length: 0 });
  await new Promise((resolve) => {
    stream.once('data', resolve);
  });
  const closed = finished(stream);
  stream.destroy();
  await expect(closed).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  await expect(client.call(volumes.getInfo, { volume })).resolves.toMatchObject({ capacity: 256 * MIB });
});

test('files are uploaded from their position to their end, and downloads are written from theirs', async () => {
  const data = randomBytes(9 * MIB + 17);
  const [source, target] = [join(folder, 'source'), join(folder, 'target')];
  await writeFile(source, data);
  await writeFile(target, 'head');
  const volume = await createVolume('file', data.length);
  const upload = await client.openStream(volumes.upload, { volume, offset: 0, length: 0 });
  await using from = await open(source, 'r');
  await from.read(Buffer.alloc(17), 0, 17);
  await sendFile(from, upload.stream);
  const download = await client.openStream(volumes.download, { volume, offset: 0, length: 9 * MIB });
  await using to = await open(target, 'r+');
  await to.write('HEAD');
  await saveToFile(download.stream, to);
  expect((await readFile(target)).equals(Buffer.concat([Buffer.from('HEAD'), data.subarray(17)]))).toBe(true);
  await client.call(volumes.delete, { volume });
});

test('an empty file is an empty upload', async () => {
  const volume = await createVolume('nothing', MIB);
  const { stream } = await client.openStream(volumes.upload, { volume, offset: 0, length: 0 });
  await using none = await open('/dev/null', 'r');
  await sendFile(none, stream);
  expect(stream.writableFinished).toBe(true);
  await client.call(volumes.delete, { volume });
});

test('what libvirt says against an uploaded file reaches the caller', async () => {
  const volume = await createVolume('refused', MIB);
  const { stream } = await client.openStream(volumes.upload, { volume, offset: 0, length: 4096 });
  await using zeros = await open('/dev/zero', 'r');
  await expect(sendFile(zeros, stream)).rejects.toMatchObject({ code: ErrorCode.systemError });
  await client.call(volumes.delete, { volume });
});

test('a file that cannot be read or written is an error, and gives the stream up', async () => {
  const volume = await createVolume('kept', 8 * MIB);
  const upload = await client.openStream(volumes.upload, { volume, offset: 0, length: 0 });
  await using noFile = await open(folder, 'r');
  await expect(sendFile(noFile, upload.stream)).rejects.toMatchObject({ code: 'EISDIR' });
  expect(upload.stream.destroyed).toBe(true);
  const download = await client.openStream(volumes.download, { volume, offset: 0, length: 0 });
  await using full = await open('/dev/full', 'w');
  await expect(saveToFile(download.stream, full)).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(download.stream.destroyed).toBe(true);
  await client.call(volumes.delete, { volume });
});

test('giving up a stream in the middle of a file ends the wait', async () => {
  const volume = await createVolume('given-up', 256 * MIB);
  const upload = await client.openStream(volumes.upload, { volume, offset: 0, length: 0 });
  await using zeros = await open('/dev/zero', 'r');
  const sending = sendFile(zeros, upload.stream);
  upload.stream.destroy();
  await expect(sending).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_STREAM_/) });
  await client.call(volumes.delete, { volume });
});
