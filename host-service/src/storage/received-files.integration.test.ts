import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageId } from '@limen/contract';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { holdsSample, makeArchive, makeDisk, ovfOf } from '../../../tests/fixtures/image-samples.ts';
import type { ReceivedFiles, ReceivedImage } from '../ports/received-files.ts';
import { QemuImg } from './qemu-img.ts';
import { createReceivedFiles } from './received-files.ts';

let folder: string;
let received: ReceivedFiles;
const id = imageId.parse(randomUUID());
const options = { maxVirtualBytes: 2 ** 40, reserveDiskBytes: 0, disks: new QemuImg() };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limen-received-'));
  received = createReceivedFiles({ ...options, directory: folder });
  await mkdir(received.directory);
});
afterEach(() => rm(folder, { recursive: true }));

describe('a conversion', () => {
  test.each([
    ['vmdk', 'subformat=monolithicSparse'],
    ['vmdk', 'subformat=streamOptimized'],
    ['vhdx', undefined],
    ['vdi', undefined],
    ['vpc', 'subformat=dynamic,force_size=on'],
  ] as const)('of a %s (%s) keeps what is on it', async (format, subformat) => {
    const path = await makeDisk(received.pathOf(id), format, subformat);
    const image = await received.inspect(path);
    const told: number[] = [];
    await received.convert({ path, image }, `${path}.qcow2`, { onProgress: (done) => told.push(done) });
    expect(await holdsSample(`${path}.qcow2`)).toBe(true);
    // Of what came, not of what it could hold.
    expect(told.at(-1)).toBe(await received.actualBytes(path));
    expect(await received.inspect(`${path}.qcow2`)).toMatchObject({
      format: 'qcow2',
      virtualBytes: image.virtualBytes,
    });
  });

  test.each(['vmdk', 'qcow2', 'raw', 'vhdx'] as const)('of a %s in an OVA reads it there', async (format) => {
    const disk = await makeDisk(join(folder, 'disk'), format);
    await writeFile(join(folder, 'ovf'), ovfOf(['d.disk']));
    const files = { 'm.ovf': join(folder, 'ovf'), 'd.disk': disk, 'behind.iso': disk };
    const path = await makeArchive(received.pathOf(id), files);
    await received.convert({ path, image: await received.inspect(path) }, `${path}.qcow2`);
    expect(await holdsSample(`${path}.qcow2`)).toBe(true);
  });

  it('is refused before it begins when there is no room for it', async () => {
    const { bavail, bsize } = await statfs(folder);
    const full = createReceivedFiles({ ...options, directory: folder, reserveDiskBytes: bavail * bsize });
    const path = await makeDisk(received.pathOf(id), 'vdi');
    const image = await received.inspect(path);
    await expect(full.convert({ path, image }, `${path}.qcow2`)).rejects.toMatchObject({
      code: 'STORAGE_FULL',
    });
    expect(await readdir(received.directory)).toEqual([id]);
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const path = await makeDisk(received.pathOf(id), 'vdi');
    const image = await received.inspect(path);
    const stop = new AbortController();
    const work = { signal: stop.signal, onProgress: () => stop.abort() };
    await expect(received.convert({ path, image }, `${path}.qcow2`, work)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(await readdir(received.directory)).toEqual([id]);
  });
});

describe('a place', () => {
  test.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['<xml attribute="1">&amp;</xml>', 'xml-attribute-1-amp-xml'],
    ['😀', 'image'],
    ['한글', 'image'],
    ['Ubuntu 24.04 LTS', 'ubuntu-24-04-lts'],
    ['nul\0nul', 'nul-nul'],
    ['x'.repeat(300), 'x'.repeat(40)],
    ['-rf', 'rf'],
  ])('of %j is in the folder of images', (name, slug) => {
    const place = received.placeOf(id, name, { kind: 'disk', format: 'qcow2' });
    expect(place).toBe(join(folder, 'images', `${slug}-${id.slice(0, 8)}.qcow2`));
  });

  it('has an ending that says what is in the file', () => {
    const endings = [
      ['iso', 'raw', '.iso'],
      ['disk', 'raw', '.img'],
      ['template', 'qcow2', '.qcow2'],
    ] as const;
    for (const [kind, format, ending] of endings) {
      expect(received.placeOf(id, 'x', { kind, format })).toMatch(new RegExp(`\\${ending}$`));
    }
  });

  it('is taken once, readable to others, however often it is asked', async () => {
    const from = received.pathOf(id);
    await writeFile(from, 'content', { mode: 0o600 });
    const to = received.placeOf(id, 'x', { kind: 'disk', format: 'raw' });
    await received.place(from, to);
    await received.place(from, to);
    expect(await readFile(to, 'utf8')).toBe('content');
    expect((await stat(to)).mode & 0o777).toBe(0o644);
    expect(await readdir(received.directory)).toEqual([]);
  });

  it('is taken by what was moved and not settled before', async () => {
    const to = received.placeOf(id, 'x', { kind: 'disk', format: 'raw' });
    await mkdir(join(folder, 'images'));
    await writeFile(`${to}.partial`, 'content');
    await received.place(received.pathOf(id), to);
    expect(await readdir(join(folder, 'images'))).toEqual([`x-${id.slice(0, 8)}.img`]);
  });
});

it('digests a file once for all algorithms, and stops when told to', async () => {
  const content = Buffer.alloc(3 * 2 ** 20, 'x');
  await writeFile(received.pathOf(id), content);
  const digests = await received.digest(received.pathOf(id), ['sha256', 'sha512']);
  expect(digests).toEqual(
    (['sha256', 'sha512'] as const).map((algorithm) => ({
      algorithm,
      value: createHash(algorithm).update(content).digest('hex'),
    })),
  );
  const stop = new AbortController();
  const digesting = received.digest(received.pathOf(id), ['sha256'], {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(digesting).rejects.toMatchObject({ code: 'CANCELLED' });
});

it('removes nothing outside of the store', async () => {
  const outside = join(folder, '..', `outside-${id}`);
  await writeFile(outside, '');
  try {
    for (const path of [outside, join(folder, 'images', '..', '..', `outside-${id}`), folder]) {
      await expect(received.remove(path)).rejects.toMatchObject({ code: 'INTERNAL' });
    }
    expect((await stat(outside)).isFile()).toBe(true);
  } finally {
    await rm(outside);
  }
});

it('knows what is not there', async () => {
  expect(await received.size(received.pathOf(id))).toBeNull();
  await received.remove(received.pathOf(id));
  const image: ReceivedImage = {
    kind: 'disk',
    format: 'vdi',
    part: null,
    virtualBytes: 1,
    leftOut: [],
  };
  const from = { path: received.pathOf(id), image };
  await expect(received.convert(from, `${from.path}.qcow2`)).rejects.toMatchObject({
    code: 'UNSUITABLE_IMAGE',
  });
});
