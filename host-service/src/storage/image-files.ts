import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { LimenError } from '@limen/contract';
import type { DiskTool } from '../ports/disk-tool.ts';
import { type ImageFiles, type InspectedImage, variablesPath } from '../ports/image-files.ts';
import { inspectImage } from './inspect.ts';

export interface ImageFilesOptions {
  /** The store: everything below it is LIMEN's own. */
  readonly directory: string;
  readonly scanDirectories: readonly string[];
  readonly maxVirtualBytes: number;
  readonly disks: DiskTool;
}

/** QEMU's user walks into what machines run from, and lists nothing; nobody walks into what is still coming in. */
const folders = { images: 0o711, machines: 0o711, incoming: 0o700 } as const;

/** `st_blocks` counts these, whatever the file system's own are (POSIX, sys/stat.h). */
const BLOCK_BYTES = 512;

export function createImageFiles(options: ImageFilesOptions): ImageFiles {
  return new ImageFolder(options);
}

class ImageFolder implements ImageFiles {
  readonly #options: ImageFilesOptions;

  constructor(options: ImageFilesOptions) {
    this.#options = options;
  }

  async prepare(): Promise<void> {
    const { directory } = this.#options;
    try {
      await mkdir(directory, { recursive: true, mode: 0o711 });
      for (const [name, mode] of Object.entries(folders)) {
        const folder = join(directory, name);
        await mkdir(folder, { recursive: true });
        // mkdir's own mode is narrowed by the umask, which a service may well have at 077.
        await chmod(folder, mode);
      }
    } catch (cause) {
      throw new LimenError('UNSUPPORTED', { feature: `storage in ${directory}`, packages: [] }, { cause });
    }
  }

  async candidates(): Promise<string[]> {
    const found = await Promise.all(this.#options.scanDirectories.map(regularFiles));
    return found.flat().toSorted();
  }

  inspect(path: string): Promise<InspectedImage> {
    return inspectImage(path, this.#options);
  }

  async actualBytes(path: string): Promise<number | null> {
    const found = await stat(path).catch(() => null);
    return found?.isFile() ? found.blocks * BLOCK_BYTES : null;
  }

  neededBy(disk: string): Promise<string[]> {
    return this.#options.disks.chain({ path: disk, format: 'qcow2' });
  }

  async ownDisksOn(path: string): Promise<string[]> {
    const dependants: string[] = [];
    for (const disk of await regularFiles(join(this.#options.directory, 'machines'))) {
      if (disk !== path && (await this.neededBy(disk)).includes(path)) dependants.push(disk);
    }
    return dependants;
  }

  async remove(path: string): Promise<void> {
    const store = `${resolve(this.#options.directory)}${sep}`;
    if (!resolve(path).startsWith(store)) {
      throw new LimenError('INTERNAL', {}, { message: `${path} is not in the store` });
    }
    await rm(variablesPath(path), { force: true });
    await rm(path, { force: true });
  }
}

/** Not links: they can lead out of what was configured. */
async function regularFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(directory, entry.name));
}
