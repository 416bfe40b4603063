import { randomBytes } from 'node:crypto';
import type { Machine, MachineId } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Hypervisor } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MachineHardware } from '../../ports/machine-hardware.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import { machineFile } from '../lifecycle/machine-plan.ts';

export interface NewDisksDependencies {
  readonly disks: Pick<DiskTool, 'create' | 'discard'>;
  readonly hardware: Pick<MachineHardware, 'read'>;
  readonly hypervisor: Pick<Hypervisor, 'onStatus'>;
  readonly storage: Pick<MachineStorage, 'directory' | 'prepare'>;
  readonly logger: Logger;
}

/** Makes files for disks, and removes those that no machine got. */
export class NewDisks {
  readonly #deps: NewDisksDependencies;

  constructor(deps: NewDisksDependencies) {
    this.#deps = deps;
  }

  /** Give `use` a new empty qcow2 file; it is gone again when that rejects. */
  async withNew<T>(
    { id, name }: Pick<Machine, 'id' | 'name'>,
    bytes: number,
    use: (path: string) => Promise<T>,
  ): Promise<T> {
    const { disks, storage } = this.#deps;
    await storage.prepare();
    const path = machineFile(storage.directory, name, id, `-${randomBytes(3).toString('hex')}.qcow2`);
    await disks.create({ path, format: 'qcow2' }, bytes);
    try {
      return await use(path);
    } catch (error) {
      await this.#discardUnused(id, path);
      throw error;
    }
  }

  /** libvirt may have gone away between taking the definition and answering: then it is asked when it is back. */
  async #discardUnused(machineId: MachineId, path: string): Promise<void> {
    const { disks, hardware, logger } = this.#deps;
    try {
      const { storedSet, liveSet } = await hardware.read(machineId);
      const used = [...storedSet.disks, ...(liveSet?.disks ?? [])].some(({ source }) => source === path);
      if (!used) await disks.discard(path);
    } catch (error) {
      logger.warn({ err: error, path }, 'a new disk may be nobody’s; looking again when libvirt is back');
      const unsubscribe = this.#deps.hypervisor.onStatus(({ state }) => {
        if (state !== 'connected') return;
        unsubscribe();
        void this.#discardUnused(machineId, path);
      });
    }
  }
}
