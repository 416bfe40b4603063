import type { HardwareSet, Machine } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MachineHardware } from '../../ports/machine-hardware.ts';
import type { Allocation, Reservations } from '../../ports/reservations.ts';
import type { Inventory } from '../inventory/inventory.ts';

/** Changes come in bursts, and nobody waits for this. */
const SETTLE_MS = 2_000;

export interface AllocationSyncDependencies {
  readonly disks: Pick<DiskTool, 'info'>;
  readonly inventory: Pick<Inventory, 'status' | 'machines' | 'find' | 'onChanged' | 'ownersKnown'>;
  readonly hardware: Pick<MachineHardware, 'stored'>;
  readonly reservations: Pick<Reservations, 'reconcile'>;
  readonly logger: Logger;
  readonly settleMs?: number;
}

/** Keeps what is counted as used what it is, whoever changes machines by whatever tool. */
export class AllocationSync {
  readonly #deps: AllocationSyncDependencies;
  #unsubscribe: Unsubscribe | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(deps: AllocationSyncDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#unsubscribe = this.#deps.inventory.onChanged(() => this.#schedule());
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe?.();
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#sync();
    }, this.#deps.settleMs ?? SETTLE_MS).unref();
  }

  async #sync(): Promise<void> {
    const { inventory, reservations, logger } = this.#deps;
    // Of machines that are not known nobody can say that they are gone, nor of unknown owners that they own nothing.
    if (inventory.status.state !== 'connected' || !inventory.ownersKnown) return;
    try {
      const allocations: Allocation[] = [];
      for (const machine of inventory.machines()) allocations.push(await this.#allocationOf(machine));
      await reservations.reconcile(allocations, (id) => inventory.find(id) !== undefined);
    } catch (error) {
      logger.warn({ err: error }, 'could not update what machines take; trying again');
      this.#schedule();
    }
  }

  async #allocationOf(machine: Machine): Promise<Allocation> {
    const { id, name, owner, vcpus, memory } = machine;
    const stored = await this.#storedOf(machine);
    const disks = [...machine.disks, ...(stored?.disks ?? [])];
    const files = disks.flatMap(({ device, source }) =>
      device === 'disk' && source?.startsWith('/') === true ? source : [],
    );
    const sizes = await Promise.all([...new Set(files)].map((path) => this.#virtualBytes(path)));
    return {
      machineId: id,
      name,
      userId: owner?.id ?? null,
      vcpus: Math.max(vcpus.maximum, stored?.vcpus.maximum ?? 0),
      memoryBytes: Math.max(memory.maximumBytes, stored?.memory.maximumBytes ?? 0),
      diskBytes: sizes.reduce((total, bytes) => total + bytes, 0),
      // Made already: what of it is on the disk is no longer free.
      newDiskBytes: 0,
    };
  }

  /** What a machine that runs gets at its next start: it may be more, and was granted. Null when nothing else is. */
  async #storedOf({ id, state, persistent }: Machine): Promise<HardwareSet | null> {
    if (state === 'off' || !persistent) return null;
    return this.#deps.hardware.stored(id).catch(() => null);
  }

  /** 0 for what cannot be read: it takes nothing of ours. */
  async #virtualBytes(path: string): Promise<number> {
    return this.#deps.disks.info(path).then(
      (info) => info?.virtualBytes ?? 0,
      () => 0,
    );
  }
}
