import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MachineId } from '@limen/contract';
import type { PictureKey, SnapshotPictures } from '../ports/snapshot-pictures.ts';
import { isMissing, partialPath, settle } from './files.ts';

/** What is on a screen is nobody's business but the service's. */
const MODE = { folder: 0o700, file: 0o600 };

const YOUNG_MS = 60_000;

/** The port `SnapshotPictures` on a folder of files, one folder for each machine. */
export class PictureFolder implements SnapshotPictures {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async keep(key: PictureKey, png: Buffer): Promise<void> {
    const path = this.#path(key);
    await mkdir(dirname(path), { recursive: true, mode: MODE.folder });
    await writeFile(partialPath(path), png, { mode: MODE.file });
    await settle(path);
  }

  async read(key: PictureKey): Promise<Buffer | null> {
    try {
      return await readFile(this.#path(key));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async among(machineId: MachineId, keys: readonly PictureKey[]): Promise<ReadonlySet<PictureKey>> {
    const folder = this.#folder(machineId);
    const files = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const byFile = new Map(keys.map((key) => [fileName(key), key]));
    for (const file of files) if (!byFile.has(file)) await removeOld(join(folder, file));
    return new Set(files.flatMap((file) => byFile.get(file) ?? []));
  }

  forget(machineId: MachineId): Promise<void> {
    return rm(this.#folder(machineId), { recursive: true, force: true });
  }

  #folder(machineId: MachineId): string {
    return join(this.#directory, machineId);
  }

  #path(key: PictureKey): string {
    return join(this.#folder(key.machineId), fileName(key));
  }
}

/** A young one may be of a snapshot that is not in the list yet. */
async function removeOld(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found !== null && Date.now() - found.mtimeMs > YOUNG_MS) await rm(path, { force: true });
}

/** Names of snapshots hold what file names cannot. */
function fileName({ name, createdAt }: PictureKey): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `${digest}-${Math.floor(createdAt.getTime() / 1000)}.png`;
}
