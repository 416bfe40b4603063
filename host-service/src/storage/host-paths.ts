import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { HostPaths, PathKind } from '../ports/host-paths.ts';

/** The port `HostPaths` on the file system. */
export function createHostPaths(): HostPaths {
  return { canonical, kind, isEmptyFolder };
}

async function canonical(path: string): Promise<string> {
  const tidy = resolve(path);
  try {
    return await realpath(tidy);
  } catch {
    const parent = dirname(tidy);
    return parent === tidy ? tidy : join(await canonical(parent), basename(tidy));
  }
}

async function kind(path: string): Promise<PathKind | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (found.isFile()) return 'file';
  if (found.isBlockDevice()) return 'block';
  return found.isDirectory() ? 'folder' : 'other';
}

async function isEmptyFolder(path: string): Promise<boolean | null> {
  return readdir(path).then(
    (names) => names.length === 0,
    () => null,
  );
}
