import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';

export interface MachinePoolsDependencies {
  readonly hypervisor: Pick<Hypervisor, 'status' | 'onStatus'>;
  readonly editor: Pick<MachineEditor, 'ensurePool'>;
  readonly storage: Pick<MachineStorage, 'prepare' | 'directory' | 'imagesDirectory'>;
  readonly logger: Logger;
}

/** Shows LIMEN's folders to other tools as libvirt pools, whenever libvirt connects. LIMEN itself does not need them. */
export class MachinePools {
  readonly #deps: MachinePoolsDependencies;
  #unsubscribe: Unsubscribe | null = null;

  constructor(deps: MachinePoolsDependencies) {
    this.#deps = deps;
  }

  start(): void {
    const { hypervisor } = this.#deps;
    this.#unsubscribe = hypervisor.onStatus(() => void this.#ensure());
    void this.#ensure();
  }

  close(): void {
    this.#unsubscribe?.();
  }

  async #ensure(): Promise<void> {
    const { hypervisor, editor, storage, logger } = this.#deps;
    if (hypervisor.status.state !== 'connected') return;
    try {
      await storage.prepare();
      await editor.ensurePool('limen-machines', storage.directory);
      await editor.ensurePool('limen-images', storage.imagesDirectory);
    } catch (error) {
      logger.warn({ err: error }, 'could not show the storage folders to libvirt');
    }
  }
}
