import type { Hardware, MachineId } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { ImageSources } from '../../ports/image-sources.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HardwareReading, MachineHardware } from '../../ports/machine-hardware.ts';
import type { Principal } from '../../ports/principal.ts';
import { Coalescer } from '../inventory/coalescer.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { machineNotFound } from '../machine-access.ts';
import { mayOnMachine } from '../visibility.ts';
import { HardwareRecords } from './hardware-records.ts';
import { watchHardware } from './hardware-watch.ts';
import { SeenDefinitions } from './seen-definitions.ts';

export interface HardwareDependencies {
  readonly hardware: MachineHardware;
  readonly hypervisor: Pick<Hypervisor, 'onStatus'>;
  readonly inventory: Pick<Inventory, 'find' | 'onChanged'>;
  readonly images: Pick<ImageSources, 'paths'>;
  readonly disks: Pick<DiskTool, 'info'>;
  readonly logger: Logger;
}

/** libvirt answers five calls of a client at a time, and a read makes four at once. */
const CONCURRENT_READS = 1;

/** What machines are made of, and changes to it. */
export class MachineHardwareService {
  readonly #deps: HardwareDependencies;
  readonly #records: HardwareRecords;
  readonly #reads: Coalescer<MachineId, Hardware>;
  readonly #seen = new SeenDefinitions();
  readonly #listeners = new Set<(machineId: MachineId) => void>();

  constructor(deps: HardwareDependencies) {
    this.#deps = deps;
    this.#records = new HardwareRecords({ ...deps, undoable: () => Promise.resolve(false) });
    this.#reads = new Coalescer(
      async (machineId) => this.#records.describe(machineId, await this.#read(machineId)),
      CONCURRENT_READS,
    );
  }

  /** Rejects with `NOT_FOUND`, or as the hypervisor does. */
  get(machineId: MachineId): Promise<Hardware> {
    return this.#reads.run(machineId);
  }

  watch(
    principal: Principal,
    machineId: MachineId,
    signal: AbortSignal,
  ): AsyncGenerator<Hardware, void, void> {
    const read = async (): Promise<Hardware> => {
      const machine = this.#deps.inventory.find(machineId);
      // Owners change while somebody looks.
      if (machine !== undefined && !mayOnMachine(principal, 'machine:view', machine))
        throw machineNotFound(machineId);
      return this.get(machineId);
    };
    const onEdited = (listener: (id: MachineId) => void): Unsubscribe => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    };
    return watchHardware(machineId, { ...this.#deps, read, onEdited }, signal);
  }

  async #read(machineId: MachineId): Promise<HardwareReading> {
    const reading = await this.#deps.hardware.read(machineId);
    this.#seen.add(machineId, reading);
    return reading;
  }
}
