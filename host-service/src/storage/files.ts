import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
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
