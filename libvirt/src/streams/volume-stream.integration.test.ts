import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
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

const { pools, volumes } = procedures;
const MIB = 1024 ** 2;

let daemon: PrivateLibvirtd;
let client: LibvirtClient;
let pool: PoolRef;

beforeAll(async () => {
  daemon = await startLibvirtd();
  client = await connectedClient(daemon.socketPath);
  const folder = join(daemon.imagesDir, 'pool');
  await mkdir(folder);
  const xml = `<pool type='dir'><name>streams</name><target><path>${folder}</path></target></pool>`;
  pool = await client.call(pools.define, { xml });
  await client.call(pools.create, { pool });
});

afterAll(async () => {
  await client.close();
  await daemon.stop();
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
