import type { MachineId } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { ImageSources } from '../../ports/image-sources.ts';
import type { DefinedDisk, MachineEditor } from '../../ports/machine-editor.ts';
import type { Inventory } from '../inventory/inventory.ts';

export interface DiskUsersDependencies {
  readonly editor: Pick<MachineEditor, 'files'>;
  readonly disks: Pick<DiskTool, 'chain'>;
  readonly images: Pick<ImageSources, 'paths'>;
  readonly inventory: Pick<Inventory, 'machines'>;
}

/** Which files who needs, by what is written in the images' own headers. */
export class DiskUsers {
  readonly #deps: DiskUsersDependencies;

  constructor(deps: DiskUsersDependencies) {
    this.#deps = deps;
  }

  /** The files a machine's disk needs, itself first. */
  chainOf({ path, format }: Pick<DefinedDisk, 'path' | 'format'>): Promise<string[]> {
    if (path === null) return Promise.resolve([]);
    // Raw content is the guest's to write: whatever looks like a header there is none.
    return format === 'qcow2' ? this.#deps.disks.chain({ path, format }) : Promise.resolve([path]);
  }

  /**
   * Names of the machines and images that need each file, but for one machine. Rejects when a machine cannot be asked:
   * what is not known to be free is not.
   */
  async others(machineId: MachineId): Promise<ReadonlyMap<string, readonly string[]>> {
    const users = new Map<string, string[]>();
    const note = (path: string, name: string): void => {
      const names = users.get(path) ?? [];
      if (!names.includes(name)) users.set(path, [...names, name]);
    };
    for (const { name, ...image } of await this.#deps.images.paths()) {
      for (const needed of await this.chainOf(image)) note(needed, name);
    }
    for (const machine of this.#deps.inventory.machines()) {
      if (machine.id === machineId) continue;
      const { disks } = await this.#deps.editor.files(machine.id);
      for (const disk of disks) for (const path of await this.chainOf(disk)) note(path, machine.name);
    }
    return users;
  }
}
