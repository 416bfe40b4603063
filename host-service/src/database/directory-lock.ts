import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Who holds a lock. A pid alone is reused after a reboot, so the process's start and the boot go with it. */
interface Holder {
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks after boot. Null where there is no /proc. */
  readonly startTime: string | null;
  readonly bootId: string | null;
  /** Tells this lock from a later one of the same process. */
  readonly token: string;
}

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Another live process has the directory. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`${directory} is in use by process ${pid}; stop that one first, or choose another directory`);
    this.pid = pid;
  }
}

/**
 * Take the directory for this process, or throw {@link DirectoryLockedError}. The lock of a process that is no
 * more (kill -9, power cut) is taken over. Made by link(2), which is atomic and shows the file only complete.
 * @param name file name of the lock inside `directory`
 */
export async function lockDirectory(directory: string, name = 'lock'): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  const self: Holder = {
    pid: process.pid,
    startTime: (await lookAt(process.pid))?.startTime ?? null,
    bootId: await bootId(),
    token: randomUUID(),
  };
  const draft = `${path}.${self.token}`;
  await writeFile(draft, `${JSON.stringify(self)}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  try {
    while (!(await tryLink(draft, path))) {
      const holder = await readHolder(path);
      if (holder !== null && (await isAlive(holder))) throw new DirectoryLockedError(directory, holder.pid);
      await discardStale(path, holder);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return {
    release: async () => {
      if ((await readHolder(path))?.token === self.token) await rm(path, { force: true });
    },
  };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Two processes may find the same stale lock; the slower one must not remove the lock the faster one has just
 * made. So it is renamed first and looked at again, and put back when it is not the one that was judged.
 */
async function discardStale(path: string, judged: Holder | null): Promise<void> {
  const aside = `${path}.stale.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved !== null && moved.token !== judged?.token) await tryLink(aside, path);
  await rm(aside, { force: true });
}

/** Null when there is no such file or nothing sensible in it. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    if (typeof holder.pid !== 'number' || typeof holder.token !== 'string') return null;
    return {
      pid: holder.pid,
      startTime: holder.startTime ?? null,
      bootId: holder.bootId ?? null,
      token: holder.token,
    };
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.bootId !== null && holder.bootId !== (await bootId())) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it is there, but another user's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (holder.startTime === null) return true;
  const found = await lookAt(holder.pid);
  return found !== null && found.startTime === holder.startTime && !DEAD_STATES.has(found.state);
}

/** Field 3 of /proc/<pid>/stat of a process that has ended and only waits for its parent to notice. */
const DEAD_STATES: ReadonlySet<string> = new Set(['Z', 'X']);

interface ProcessStat {
  readonly state: string;
  readonly startTime: string;
}

/** Null when there is no such process, or no /proc. */
async function lookAt(pid: number): Promise<ProcessStat | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name, field 2, may itself hold spaces and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
  } catch {
    return null;
  }
}

async function bootId(): Promise<string | null> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch {
    return null;
  }
}
