import { randomBytes } from 'node:crypto';
import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LimenError } from '@limen/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../../tests/fixtures/run.ts';
import type { Compression } from '../ports/received-files.ts';
import { compressionOf, unpack } from './compression.ts';

const MIB = 2 ** 20;
/** Something at both ends, and nothing in between. */
const content = Buffer.concat([randomBytes(MIB), Buffer.alloc(14 * MIB), randomBytes(MIB)]);
const rules = { maxVirtualBytes: 16 * MIB, reserveDiskBytes: 0 };
const endings = { gzip: 'gz', xz: 'xz', bzip2: 'bz2', zstd: 'zst' } as const;
const all = Object.keys(endings) as Compression[];

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limen-unpack-'));
  path = join(folder, 'image');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function compress(compression: Compression): Promise<void> {
  await writeFile(path, content);
  // Fast rather than small: it is the reading that is tried here.
  await run(compression, ['-1', '-f', path]);
  await rm(path, { force: true });
  await rename(`${path}.${endings[compression]}`, path);
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

describe.each(all)('%s', (compression) => {
  beforeEach(() => compress(compression));

  test('is recognised, and what it holds takes its place', async () => {
    expect(await compressionOf(path)).toBe(compression);
    const progress: number[] = [];
    await unpack(path, compression, rules, { onProgress: (done, total) => progress.push(done / total) });
    expect((await readFile(path)).equals(content)).toBe(true);
    expect(await readdir(folder)).toEqual(['image']);
    expect(progress.at(-1)).toBe(1);
    // Once more, as after a crash in between: it is what it should be.
    await unpack(path, compression, rules);
    expect((await stat(path)).size).toBe(content.length);
  });

  test('is refused when it holds too much', async () => {
    const tight = { ...rules, maxVirtualBytes: 4 * MIB };
    const error = await failure(unpack(path, compression, tight));
    expect(error).toMatchObject({ code: 'UNSUITABLE_IMAGE', data: { reason: 'too-large' } });
  });

  test('is refused when its end is missing', async () => {
    await truncate(path, (await stat(path)).size - 1000);
    const error = await failure(unpack(path, compression, rules));
    expect(error).toMatchObject({ code: 'UNSUITABLE_IMAGE', data: { reason: 'damaged' } });
  });
});

test.each(['xz', 'zstd'] as const)('%s leaves holes where there is nothing', async (compression) => {
  await compress(compression);
  await unpack(path, compression, rules);
  expect((await stat(path)).blocks * 512).toBeLessThan(4 * MIB);
});

test('what is appended to gzip does not spoil it', async () => {
  await compress('gzip');
  await appendFile(path, 'a signature');
  await unpack(path, 'gzip', rules);
  expect((await readFile(path)).equals(content)).toBe(true);
});

test('the reserve of the disk is left alone', async () => {
  await compress('gzip');
  const error = await failure(unpack(path, 'gzip', { ...rules, reserveDiskBytes: Number.MAX_SAFE_INTEGER }));
  expect(error.code).toBe('STORAGE_FULL');
});

test('it can be stopped', async () => {
  await compress('bzip2');
  const stop = new AbortController();
  const onProgress = (): void => stop.abort(new LimenError('CANCELLED', {}));
  const error = await failure(unpack(path, 'bzip2', rules, { signal: stop.signal, onProgress }));
  expect(error.code).toBe('CANCELLED');
  expect(await compressionOf(path)).toBe('bzip2');
});

test.each([
  ['7-Zip', Buffer.from('377abcaf271c0004', 'hex')],
  ['ZIP', Buffer.from('504b0304140000', 'hex')],
  ['RAR', Buffer.from('526172211a0700', 'hex')],
])('a %s archive is called by its name', async (name, head) => {
  await writeFile(path, head);
  const error = await failure(compressionOf(path));
  expect(error).toMatchObject({ data: { reason: 'unknown-format', detail: expect.stringContaining(name) } });
});

test('what is not compressed is told apart', async () => {
  await writeFile(path, content);
  expect(await compressionOf(path)).toBeNull();
  await writeFile(path, '');
  expect(await compressionOf(path)).toBeNull();
});
