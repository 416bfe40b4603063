import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DirectoryLockedError, lockDirectory } from './directory-lock.ts';

let directory: string;
let parent: ChildProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'limen-lock-'));
});

afterEach(async () => {
  parent?.kill('SIGKILL');
  parent = undefined;
  await rm(directory, { recursive: true, force: true });
});

/** State and start time of a process, fields 3 and 22 of its stat. */
async function stat(pid: number): Promise<{ state: string | undefined; startTime: string | undefined }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], startTime: fields[19] };
}

/** A process that has ended, whose parent lives on and does not ask. */
async function zombie(): Promise<number> {
  parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(parent.stdout ?? parent, 'data')) as [Buffer];
  const pid = Number(output.toString());
  // The shell would reap its child; what it turns into does not.
  await until(async () => (await readFile(`/proc/${parent?.pid}/comm`, 'utf8')).trim() === 'sleep');
  process.kill(pid, 'SIGKILL');
  await until(async () => (await stat(pid)).state === 'Z');
  return pid;
}

/** /proc tells of no changes: the only way to await one is to look again. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}

async function leaveLockOf(pid: number): Promise<void> {
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const holder = { pid, startTime: (await stat(pid)).startTime, bootId, token: 'left behind' };
  await writeFile(join(directory, 'lock'), JSON.stringify(holder));
}

test('is taken over from a process that ended and only waits to be reaped', async () => {
  await leaveLockOf(await zombie());
  const lock = await lockDirectory(directory);
  await lock.release();
  expect(await readdir(directory)).toEqual([]);
});

test('is not taken over from a process that lives', async () => {
  await leaveLockOf(process.ppid);
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryLockedError);
});

test('is held once in a process, too', async () => {
  const lock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryLockedError);
  await lock.release();
  await (await lockDirectory(directory)).release();
});
