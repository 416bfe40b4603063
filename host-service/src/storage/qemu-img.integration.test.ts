import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { QemuImg } from './qemu-img.ts';

const exec = promisify(execFile);
const MiB = 2 ** 20;
const tool = new QemuImg();
let directory: string;
const at = (name: string): string => join(directory, name);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'limen-disks-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('an overlay shares its base, is never smaller, and stands alone once flattened', async () => {
  const base = { path: at('base.qcow2'), format: 'qcow2' } as const;
  await tool.create(base, 8 * MiB);
  await exec('qemu-io', ['-f', 'qcow2', '-c', 'write -P 7 0 1M', base.path]);
  await tool.overlay(at('small.qcow2'), base, { virtualBytes: MiB });
  await tool.overlay(at('large.qcow2'), base, { virtualBytes: 16 * MiB });
  expect(await tool.info(at('small.qcow2'))).toMatchObject({
    virtualBytes: 8 * MiB,
    backingFile: base.path,
  });
  expect(await tool.info(at('large.qcow2'))).toMatchObject({ virtualBytes: 16 * MiB });
  const large = { path: at('large.qcow2'), format: 'qcow2' } as const;
  expect(await tool.chain(large)).toEqual([large.path, base.path]);
  // What its base holds, and the metadata of both.
  expect(await tool.contentBytes(large)).toBeGreaterThan(MiB);
  expect(await tool.contentBytes(large)).toBeLessThan(3 * MiB);

  const fractions: number[] = [];
  await tool.flatten(large.path, { onProgress: (fraction) => fractions.push(fraction) });
  expect(await tool.chain(large)).toEqual([large.path]);
  await tool.discard(base.path);
  await exec('qemu-io', ['-r', '-f', 'qcow2', '-c', 'read -P 7 0 1M', large.path]);
  expect(fractions.at(-1)).toBe(1);
  await tool.check(large);
});

test('a disk grows and never shrinks', async () => {
  const disk = { path: at('disk.qcow2'), format: 'qcow2' } as const;
  await tool.create(disk, 4 * MiB);
  await tool.grow(disk, 8 * MiB);
  await tool.grow(disk, MiB);
  expect(await tool.info(disk.path)).toMatchObject({ virtualBytes: 8 * MiB });
});

test.each(['vmdk', 'vhdx', 'vdi', 'vpc'] as const)(
  'a %s is recognised by content and converted',
  async (format) => {
    // Named to mislead.
    const from = { path: at('disk.iso'), format };
    await exec('qemu-img', ['create', '-q', '-f', format, from.path, '8M']);
    await exec('qemu-io', ['-f', format, '-c', 'write -P 9 1M 1M', from.path]);
    expect(await tool.info(from.path)).toMatchObject({ format, backingFile: null, externalData: false });
    const to = { path: at('converted.qcow2'), format: 'qcow2' } as const;
    await tool.convert(from, to);
    await exec('qemu-io', ['-r', '-f', 'qcow2', '-c', 'read -P 9 1M 1M', to.path]);
    expect(await readdir(directory)).toEqual(['converted.qcow2', 'disk.iso']);
  },
);

test('what a header names is told, and not opened', async () => {
  const args = [
    'create',
    '-q',
    '-u',
    '-f',
    'qcow2',
    '-b',
    '/etc/shadow',
    '-F',
    'raw',
    at('thief.qcow2'),
    '1M',
  ];
  await exec('qemu-img', args);
  expect(await tool.info(at('thief.qcow2'))).toMatchObject({ backingFile: '/etc/shadow' });
  await exec('qemu-img', [
    'create',
    '-q',
    '-f',
    'qcow2',
    '-o',
    `data_file=${at('data')}`,
    at('split.qcow2'),
    '1M',
  ]);
  await rm(at('data'));
  expect(await tool.info(at('split.qcow2'))).toMatchObject({ externalData: true });
  await exec('qemu-img', ['create', '-q', '-f', 'vmdk', at('parent.vmdk'), '1M']);
  await exec('qemu-img', [
    'create',
    '-q',
    '-f',
    'vmdk',
    '-b',
    at('parent.vmdk'),
    '-F',
    'vmdk',
    at('child.vmdk'),
  ]);
  expect(await tool.info(at('child.vmdk'))).toMatchObject({ backingFile: at('parent.vmdk') });
});

test('a plain file is no disk, and a cut one is damaged', async () => {
  await writeFile(at('text.qcow2'), 'QF not quite\n'.repeat(1000));
  expect(await tool.info(at('text.qcow2'))).toBeNull();
  const disk = { path: at('cut.qcow2'), format: 'qcow2' } as const;
  await tool.create(disk, 8 * MiB);
  await exec('qemu-io', ['-f', 'qcow2', '-c', 'write 0 4M', disk.path]);
  await exec('truncate', ['-s', '1M', disk.path]);
  await expect(tool.check(disk)).rejects.toMatchObject({
    code: 'UNSUITABLE_IMAGE',
    data: { reason: 'damaged' },
  });
});

test('an aborted conversion is killed and leaves nothing', async () => {
  const from = { path: at('from.raw'), format: 'raw' } as const;
  await exec('sh', ['-c', 'head -c 256M /dev/urandom > "$0"', from.path]);
  const abort = new AbortController();
  const converting = tool.convert(
    from,
    { path: at('to.qcow2'), format: 'qcow2' },
    {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    },
  );
  await expect(converting).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await readdir(directory)).toEqual(['from.raw']);
});

test('a full disk is said so, and the partial file goes', async () => {
  const mount = at('small');
  await exec('mkdir', [mount]);
  await exec('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'limen-test', mount]);
  try {
    const from = { path: at('from.raw'), format: 'raw' } as const;
    await exec('sh', ['-c', 'head -c 8M /dev/urandom > "$0"', from.path]);
    const converting = tool.convert(from, { path: join(mount, 'to.raw'), format: 'raw' });
    await expect(converting).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(await readdir(mount)).toEqual([]);
  } finally {
    await exec('umount', [mount]);
  }
});

test('a file is there only when it is complete, and may be made again', async () => {
  const disk = { path: at('disk.raw'), format: 'raw' } as const;
  await tool.create(disk, MiB);
  await tool.create(disk, 2 * MiB);
  expect((await stat(disk.path)).size).toBe(2 * MiB);
  await tool.discard(disk.path);
  await tool.discard(disk.path);
  expect(existsSync(disk.path)).toBe(false);
});
