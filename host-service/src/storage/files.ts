import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LimenError } from '@limen/contract';

/** Name under which a file is written until it is complete. */
export function partialPath(path: string): string {
  return `${path}.partial`;
}

/** Give what lies at the partial path its name, for good: on the disk, not only in its cache. */
export async function settle(path: string): Promise<void> {
  const partial = partialPath(path);
  await sync(partial);
  await rename(partial, path);
  await sync(dirname(path));
}

/** How names begin of what is gone again before anybody needs it. */
const SCRATCH = '.limen-scratch-';

/** In a folder of ours, for what the very function that makes it removes. */
export function scratchPath(folder: string, name: string): string {
  return join(folder, `${SCRATCH}${name}`);
}

/** Remove what an earlier life of this process made at scratch paths and was killed over. */
export async function removeScratch(folder: string): Promise<void> {
  const bornAt = Date.now() - process.uptime() * 1000;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(SCRATCH)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.ctimeMs < bornAt) await rm(path, { recursive: true, force: true });
  }
}

/** Remove a file and what was begun of it. Nothing there is fine. */
export async function discard(path: string): Promise<void> {
  await rm(partialPath(path), { force: true });
  await rm(path, { force: true });
}

/** Write a file's (or a directory's) data and names to the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a file operation failed with, in the contract's vocabulary where it has a word for it. */
export function fromFileError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LimenError('STORAGE_FULL', { path }, { cause: error });
  return error;
}

/** Whether a file operation failed because there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
