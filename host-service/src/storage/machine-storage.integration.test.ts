import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../../tests/fixtures/run.ts';
import type { MachineStorage } from '../ports/machine-storage.ts';
import { createMachineStorage } from './machine-storage.ts';
import { QemuImg } from './qemu-img.ts';

let folder: string;
let storage: MachineStorage;
let disk: { path: string; format: 'qcow2' };
let base: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limen-machines-'));
  storage = createMachineStorage(folder, new QemuImg());
  await storage.prepare();
  disk = { path: join(storage.directory, 'disk.qcow2'), format: 'qcow2' };
  base = join(storage.imagesDirectory, 'base.qcow2');
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', disk.path, '16M']);
  await write('0x11', '0');
});
afterEach(() => rm(folder, { recursive: true }));

function write(pattern: string, at: string): Promise<string> {
  return run('qemu-io', ['-f', 'qcow2', '-c', `write -P ${pattern} ${at} 64k`, disk.path]);
}

it('shares a disk and takes that back, each as often as asked', async () => {
  const before = await readFile(disk.path);
  for (let time = 0; time < 2; time += 1) await storage.shareDisk(disk, base);
  const info: unknown = JSON.parse(await run('qemu-img', ['info', '--output=json', disk.path]));
  expect(info).toMatchObject({ 'full-backing-filename': base, 'virtual-size': 16 * 2 ** 20 });
  expect(await readFile(base)).toEqual(before);
  for (let time = 0; time < 2; time += 1) expect(await storage.unshareDisk(disk.path, base)).toBe(true);
  expect(await readFile(disk.path)).toEqual(before);
  await expect(stat(base)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('keeps a base that the smallest write since depends on', async () => {
  await storage.shareDisk(disk, base);
  await write('0x22', '8M');
  expect(await storage.unshareDisk(disk.path, base)).toBe(false);
  const read = ['-f', 'qcow2', '-c', 'read -P 0x11 0 64k', '-c', 'read -P 0x22 8M 64k', disk.path];
  expect(await run('qemu-io', read)).not.toContain('Pattern verification failed');
});

it('knows its own files, also behind links and dots', async () => {
  expect(await storage.isOwn(disk.path)).toBe(true);
  expect(await storage.isOwn(join(storage.directory, '..', 'images', 'x'))).toBe(false);
  expect(await storage.isOwn('/etc/shadow')).toBe(false);
  await run('ln', ['-s', '/etc/hostname', join(storage.directory, 'link')]);
  expect(await storage.isOwn(join(storage.directory, 'link'))).toBe(false);
});

it('copies a file, and nothing where there is nothing', async () => {
  const copy = join(storage.directory, 'copy');
  await storage.copyFile(join(storage.directory, 'missing'), copy);
  await expect(stat(copy)).rejects.toMatchObject({ code: 'ENOENT' });
  await storage.copyFile(disk.path, copy);
  expect(await readFile(copy)).toEqual(await readFile(disk.path));
});

it('clears away what a service that was killed had in hand, and nothing newer', async () => {
  const left = join(storage.directory, '.limen-scratch-seed-left');
  await mkdir(left);
  await writeFile(join(left, 'user-data'), 'secret');
  // The change time cannot be set back: another process, younger than what it finds, takes its place.
  const script = `
    import { createMachineStorage } from ${JSON.stringify(join(import.meta.dirname, '../../dist/storage/machine-storage.js'))};
    await createMachineStorage(${JSON.stringify(folder)}).prepare();`;
  await createMachineStorage(folder, new QemuImg()).prepare();
  expect(await readdir(storage.directory)).toContain('.limen-scratch-seed-left');
  await run(process.execPath, ['--input-type=module', '--eval', script]);
  expect(await readdir(storage.directory)).toEqual(['disk.qcow2']);
});
