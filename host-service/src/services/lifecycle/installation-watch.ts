import { LimenError, type Machine, type MachineId } from '@limen/contract';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Inventory } from '../inventory/inventory.ts';

/** More than an empty qcow2 or a boot loader's probing takes: something was installed. */
const INSTALLED_BYTES = 2 ** 20;

export interface InstallationWatchDependencies {
  readonly editor: Pick<MachineEditor, 'finishInstallation' | 'start' | 'files'>;
  readonly inventory: Pick<Inventory, 'find' | 'machines' | 'onChanged' | 'refresh'>;
  readonly storage: Pick<MachineStorage, 'allocatedBytes'>;
  readonly logger: Logger;
}

/**
 * Ends installations from media. While one runs, its machine stops instead of rebooting; when the guest stops it, and
 * something is on its disk, the media is ejected and what was installed is started. What it needs to know is in the
 * definition, so that a restart of the service loses nothing. A machine that a person forces off stays as it is.
 */
export class InstallationWatch {
  readonly #deps: InstallationWatchDependencies;
  readonly #ending = new Set<MachineId>();
  #unsubscribe: Unsubscribe | null = null;

  constructor(deps: InstallationWatchDependencies) {
    this.#deps = deps;
  }

  start(): void {
    const { inventory } = this.#deps;
    this.#unsubscribe = inventory.onChanged((machineId) => {
      const machine = inventory.find(machineId);
      if (machine !== undefined && hasStoppedInstalling(machine)) void this.#end(machine);
    });
  }

  close(): void {
    this.#unsubscribe?.();
  }

  async #end({ id: machineId, name }: Machine): Promise<void> {
    const { editor, inventory, logger } = this.#deps;
    if (this.#ending.has(machineId)) return;
    this.#ending.add(machineId);
    try {
      if (!(await this.#hasInstalled(machineId))) return;
      await editor.finishInstallation(machineId);
      await editor.start(machineId);
      await inventory.refresh(machineId);
      logger.info({ machineId, name }, 'installation finished; booting what was installed');
    } catch (error) {
      if (LimenError.is(error, 'NOT_FOUND')) return;
      // It stays off, with its media; a person can end the installation.
      logger.warn({ machineId, err: error }, 'could not end an installation');
    } finally {
      this.#ending.delete(machineId);
    }
  }

  async #hasInstalled(machineId: MachineId): Promise<boolean> {
    const { disks } = await this.#deps.editor.files(machineId);
    const system = disks.find(({ device }) => device === 'disk');
    if (system === undefined || system.path === null) return false;
    return ((await this.#deps.storage.allocatedBytes(system.path)) ?? 0) > INSTALLED_BYTES;
  }
}

/** libvirt's reason is `shutdown` when the guest ended it, by power-off or by the reboot that is not let happen. */
function hasStoppedInstalling({ installing, state, stateReason, trashed }: Machine): boolean {
  return installing && trashed === null && state === 'off' && stateReason === 'shutdown';
}
