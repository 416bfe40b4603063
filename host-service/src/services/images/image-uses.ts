import type { Image, Machine, MachineId } from '@limen/contract';
import type { ImageFiles } from '../../ports/image-files.ts';

/** What of a machine decides which files it needs. */
interface Use {
  /** Changes whenever that may have changed; files are only read again then. */
  readonly version: string;
  readonly paths: ReadonlySet<string>;
}

/** Which machine needs which files: its disks and drives, and what those share blocks of. */
export class ImageUses {
  readonly #files: Pick<ImageFiles, 'neededBy'>;
  readonly #uses = new Map<MachineId, Use>();

  constructor(files: Pick<ImageFiles, 'neededBy'>) {
    this.#files = files;
  }

  /** Look at a machine as it is now. Resolves to the paths that it needs, needed, or both. */
  async refresh(machine: Machine): Promise<ReadonlySet<string>> {
    const before = this.#uses.get(machine.id);
    const version = JSON.stringify([
      machine.linkedTo,
      machine.disks.map(({ source, format }) => [source, format]),
    ]);
    if (before?.version === version) return before.paths;
    const paths = await this.#read(machine);
    this.#uses.set(machine.id, { version, paths });
    return new Set([...(before?.paths ?? []), ...paths]);
  }

  /** A machine is gone. Returns the paths that it needed. */
  forget(machineId: MachineId): ReadonlySet<string> {
    const paths = this.#uses.get(machineId)?.paths ?? new Set<string>();
    this.#uses.delete(machineId);
    return paths;
  }

  /** As last known. */
  isUsedBy(image: Pick<Image, 'id' | 'path'>, machine: Machine): boolean {
    return machine.linkedTo === image.id || this.#uses.get(machine.id)?.paths.has(image.path) === true;
  }

  /** Read from the files now: what must not be wrong, because a file is to be deleted. */
  async isNeededBy(image: Pick<Image, 'id' | 'path'>, machine: Machine): Promise<boolean> {
    return machine.linkedTo === image.id || (await this.#read(machine)).has(image.path);
  }

  async #read(machine: Machine): Promise<ReadonlySet<string>> {
    const paths = new Set<string>();
    for (const { source, format } of machine.disks) {
      // Volumes of pools and network disks are no files that the library could have.
      if (source === null || !source.startsWith('/')) continue;
      // Raw content is the guest's to write: whatever looks like a header there is none.
      if (format !== 'qcow2') paths.add(source);
      else for (const path of await this.#files.neededBy(source)) paths.add(path);
    }
    return paths;
  }
}
