import { constants, copyFile, link, mkdir, open, realpath, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LimenError } from '@limen/contract';
import type { DiskFormat, DiskTool } from '../ports/disk-tool.ts';
import type { FolderAccess, MachineStorage } from '../ports/machine-storage.ts';
import { fromFileError, isMissing, partialPath, removeScratch, scratchPath, settle } from './files.ts';

/** To list a folder, and to make files in it, one has to be able to walk in. */
const OTHERS_READ = constants.S_IROTH | constants.S_IXOTH;
const OTHERS_WRITE = constants.S_IWOTH | constants.S_IXOTH;

/** QEMU's user walks in, and lists nothing. */
const FOLDER_MODE = 0o711;
/** `st_blocks` counts these, whatever the file system's own are (POSIX, sys/stat.h). */
const BLOCK_BYTES = 512;
/** Machines' files in the folder `machines` of the storage directory, beside the library's `images`. */
export function createMachineStorage(storageDirectory: string, disks: DiskTool): MachineStorage {
  return new MachineFolder(storageDirectory, disks);
}

class MachineFolder implements MachineStorage {
  readonly directory: string;
  readonly imagesDirectory: string;
  readonly #disks: DiskTool;
  #directIo: Promise<boolean> | null = null;
  #isSwept = false;

  constructor(storageDirectory: string, disks: DiskTool) {
    this.directory = join(storageDirectory, 'machines');
    this.imagesDirectory = join(storageDirectory, 'images');
    this.#disks = disks;
  }

  async prepare(): Promise<void> {
    try {
      for (const folder of [this.directory, this.imagesDirectory]) {
        await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      }
      if (!this.#isSwept) await removeScratch(this.directory);
      this.#isSwept = true;
    } catch (cause) {
      throw new LimenError(
        'UNSUPPORTED',
        { feature: `storage in ${this.directory}`, packages: [] },
        { cause },
      );
    }
  }

  async space(): Promise<{ totalBytes: number; freeBytes: number }> {
    await this.prepare();
    const { bsize, blocks, bavail } = await statfs(this.directory);
    return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
  }

  async freeBytes(folder: string): Promise<number> {
    try {
      const { bsize, bavail } = await statfs(folder);
      return bavail * bsize;
    } catch (error) {
      if (isMissing(error)) throw new LimenError('NOT_FOUND', { kind: 'folder', id: folder });
      throw error;
    }
  }

  takesDirectIo(): Promise<boolean> {
    this.#directIo ??= this.#tryDirectIo();
    return this.#directIo;
  }

  async folder(path: string): Promise<FolderAccess | null> {
    try {
      const real = await realpath(path);
      const folder = await stat(real);
      if (!folder.isDirectory()) return null;
      const reachable = await isReachable(dirname(real));
      const allows = (bits: number): boolean => reachable && (folder.mode & bits) === bits;
      return { readable: allows(OTHERS_READ), writable: allows(OTHERS_WRITE) };
    } catch {
      return null;
    }
  }

  async isOwn(path: string): Promise<boolean> {
    try {
      const [file, folder] = await Promise.all([realpath(path), realpath(this.directory)]);
      return dirname(file) === folder;
    } catch {
      return false;
    }
  }

  async allocatedBytes(path: string): Promise<number | null> {
    const found = await stat(path).catch(() => null);
    return found === null ? null : found.blocks * BLOCK_BYTES;
  }

  async copyFile(from: string, to: string): Promise<void> {
    try {
      await copyFile(from, partialPath(to));
      await settle(to);
    } catch (error) {
      await rm(partialPath(to), { force: true });
      if (isMissing(error)) return;
      throw fromFileError(error, to);
    }
  }

  async remove(path: string): Promise<void> {
    await rm(partialPath(path), { force: true });
    await rm(path, { force: true });
  }

  async shareDisk(disk: { path: string; format: DiskFormat }, base: string): Promise<void> {
    if ((await inode(base)) === null) await linkBase(disk.path, base);
    // Another file than the base: the overlay is in place.
    if ((await inode(disk.path)) !== (await inode(base))) return;
    // Its data has two names now; the overlay, once complete, takes over the first.
    await this.#disks.overlay(disk.path, { path: base, format: disk.format });
  }

  async unshareDisk(path: string, base: string): Promise<boolean> {
    const [disk, shared] = [await inode(path), await inode(base)];
    if (shared === null) return true;
    if (disk === shared) {
      await rm(base);
      return true;
    }
    if (disk !== null && !(await this.#isUntouched(path, base))) return false;
    await rename(base, path);
    return true;
  }

  /** Writing to an overlay makes it longer than a new one of the same base is. */
  async #isUntouched(overlay: string, base: string): Promise<boolean> {
    const info = await this.#disks.info(base);
    if (info === null || (info.format !== 'qcow2' && info.format !== 'raw')) return false;
    const fresh = `${overlay}.new`;
    try {
      await this.#disks.overlay(fresh, { path: base, format: info.format });
      const [before, now] = await Promise.all([stat(fresh), stat(overlay)]);
      return before.size === now.size;
    } finally {
      await this.#disks.discard(fresh);
    }
  }

  async #tryDirectIo(): Promise<boolean> {
    await this.prepare();
    const path = scratchPath(this.directory, `direct-io-${process.pid}`);
    try {
      const flags = constants.O_CREAT | constants.O_RDWR | constants.O_DIRECT;
      await (await open(path, flags, 0o600)).close();
      return true;
    } catch {
      return false;
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** Rejects with `UNSUPPORTED` when the two places are on different file systems. */
async function linkBase(disk: string, base: string): Promise<void> {
  try {
    await link(disk, base);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EXDEV') throw cause;
    throw new LimenError(
      'UNSUPPORTED',
      { feature: 'linked clones across file systems', packages: [] },
      { cause },
    );
  }
}

async function inode(path: string): Promise<bigint | null> {
  try {
    return (await stat(path, { bigint: true })).ino;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether everybody can walk to it. */
async function isReachable(path: string): Promise<boolean> {
  if (((await stat(path)).mode & constants.S_IXOTH) === 0) return false;
  const parent = dirname(path);
  return parent === path || isReachable(parent);
}
