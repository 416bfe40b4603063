import {
  type EditResult,
  type Hardware,
  type HardwareEdit,
  type KeptDefinition,
  LimenError,
  type MachineId,
} from '@limen/contract';
import type { DefinitionHistory } from '../../ports/definition-history.ts';
import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import type { DefinitionTexts, HardwareReading, MachineHardware } from '../../ports/machine-hardware.ts';
import type { Principal } from '../../ports/principal.ts';
import { Coalescer } from '../inventory/coalescer.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { Capacity } from '../lifecycle/capacity.ts';
import { DiskUsers } from '../lifecycle/disk-users.ts';
import type { LifecyclePorts } from '../lifecycle/lifecycle.ts';
import { SourcePlanner } from '../lifecycle/source-planner.ts';
import { machineNotFound, requireMachine } from '../machine-access.ts';
import { watchMachine } from '../machine-watch.ts';
import { mayOnMachine } from '../visibility.ts';
import { changedParts } from './changed-parts.ts';
import { Definitions } from './definitions.ts';
import { DeviceEdits } from './device-edits.ts';
import { DiskEdits } from './disk-edits.ts';
import { EditMaker } from './edit-maker.ts';
import { Growth } from './growth.ts';
import { HardwareRecords } from './hardware-records.ts';
import { MachineLocks } from './machine-locks.ts';
import { NewDisks } from './new-disks.ts';
import { refusedEdit } from './refused-edit.ts';
import { SeenDefinitions } from './seen-definitions.ts';

export interface HardwarePorts {
  readonly hardware: MachineHardware;
  readonly history: DefinitionHistory;
}

export interface HardwareDependencies extends HardwarePorts, LifecyclePorts {
  readonly hypervisor: Hypervisor;
  readonly inventory: Pick<Inventory, 'find' | 'machines' | 'onChanged' | 'refresh'>;
  readonly logger: Logger;
}

/** An edit as it was asked for. */
export interface EditRequest {
  readonly machineId: MachineId;
  readonly revision: string;
  readonly edits: readonly HardwareEdit[];
  readonly when: 'now' | 'next-start';
}

/** Where a change begins: the definition it was asked for on. */
export interface Basis {
  readonly machineId: MachineId;
  readonly revision: string;
}

/** So many machines whose storage hangs keep the others waiting. */
const CONCURRENT_READS = 4;

/** What machines are made of, and changes to it: one at a time for each machine. */
export class MachineHardwareService {
  readonly #deps: HardwareDependencies;
  readonly #records: HardwareRecords;
  readonly #reads: Coalescer<MachineId, Hardware>;
  readonly #seen = new SeenDefinitions();
  readonly #locks = new MachineLocks();
  readonly #definitions: Definitions;
  readonly #editMaker: EditMaker;
  readonly #editListeners = new Set<(machineId: MachineId) => void>();

  constructor(deps: HardwareDependencies) {
    this.#deps = deps;
    const growth = new Growth({ ...deps, capacity: new Capacity(deps) });
    this.#definitions = new Definitions({ ...deps, growth });
    this.#editMaker = new EditMaker({
      ...deps,
      growth,
      devices: new DeviceEdits(deps),
      disks: new DiskEdits({
        ...deps,
        growth,
        newDisks: new NewDisks(deps),
        sources: new SourcePlanner(deps),
        users: new DiskUsers(deps),
      }),
    });
    this.#records = new HardwareRecords({ ...deps, undoable: (id) => this.#definitions.any(id) });
    this.#reads = new Coalescer(
      async (id) => this.#records.describe(id, await this.#read(id)),
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
    const { hardware } = this.#deps;
    const read = async (): Promise<Hardware> => {
      const machine = this.#deps.inventory.find(machineId);
      // Owners change while somebody looks.
      if (machine !== undefined && !mayOnMachine(principal, 'machine:view', machine))
        throw machineNotFound(machineId);
      return this.get(machineId);
    };
    const onEdited = (listener: (id: MachineId) => void): Unsubscribe => {
      this.#editListeners.add(listener);
      return () => this.#editListeners.delete(listener);
    };
    const sources = [(listener: (id: MachineId) => void) => hardware.onChanged(listener), onEdited];
    return watchMachine(machineId, { ...this.#deps, sources, read }, signal);
  }

  /**
   * Make edits in order, up to the first that is refused. Rejects with `CONFLICT`: `changed`, with what is different,
   * when the definition is not the one the edits were made on; `in-trash`.
   */
  edit(principal: Principal, request: EditRequest): Promise<{ results: EditResult[]; hardware: Hardware }> {
    const results: EditResult[] = [];
    return this.#change(principal, request, async (before) => {
      let present = before;
      for (const edit of request.edits) {
        const machine = requireMachine(this.#deps.inventory, request.machineId);
        const context = { principal, machine, present, live: request.when === 'now' };
        const result = await this.#editMaker.make(context, edit).then(
          (outcome): EditResult => ({ outcome }),
          (error: unknown) => refusedEdit(error),
        );
        results.push(result);
        if (result.outcome === 'refused') break;
        present = await this.#deps.hardware.read(request.machineId);
      }
    }).then((hardware) => ({ results, hardware }));
  }

  async definition(machineId: MachineId): Promise<DefinitionTexts> {
    const { revision, stored, live } = await this.#read(machineId);
    return { revision, stored, live };
  }

  /** Rejects as {@link edit}, and as the port's `define`. */
  define(principal: Principal, { xml, ...basis }: Basis & { readonly xml: string }): Promise<Hardware> {
    return this.#change(principal, basis, () => this.#definitions.replace(basis.machineId, xml));
  }

  history(machineId: MachineId): Promise<KeptDefinition[]> {
    return this.#definitions.history(machineId);
  }

  /** Rejects as {@link edit}, and as `Definitions.undo`. */
  undo(principal: Principal, basis: Basis): Promise<Hardware> {
    return this.#change(null, basis, (present) =>
      this.#definitions.undo(principal, requireMachine(this.#deps.inventory, basis.machineId), present),
    );
  }

  /** `keeper`: who replaces the definition; null when what was there is not to be kept. */
  #change(
    keeper: Principal | null,
    { machineId, revision }: Basis,
    work: (present: HardwareReading) => Promise<void>,
  ): Promise<Hardware> {
    const { inventory, hardware, logger } = this.#deps;
    requireMachine(inventory, machineId);
    return this.#locks.run(machineId, async () => {
      const before = await hardware.read(machineId);
      await this.#notice(machineId, before);
      this.#requireRevision(machineId, revision, before);
      try {
        await work(before);
      } finally {
        await this.#conclude(keeper, machineId, before).catch((error: unknown) => {
          logger.warn({ machineId, err: error }, 'could not look at a machine after changing it');
        });
      }
      const after = await hardware.read(machineId);
      return this.#records.describe(machineId, after);
    });
  }

  /** Whatever became of a change: keep what it replaced, and tell those who look. */
  async #conclude(keeper: Principal | null, machineId: MachineId, before: HardwareReading): Promise<void> {
    const after = await this.#deps.hardware.read(machineId);
    this.#seen.add(machineId, after);
    if (keeper !== null && after.revision !== before.revision) {
      await this.#definitions.keep(machineId, before, keeper);
    }
    for (const listener of this.#editListeners) listener(machineId);
    await this.#deps.inventory.refresh(machineId);
  }

  #requireRevision(machineId: MachineId, revision: string, present: HardwareReading): void {
    if (present.revision === revision) return;
    const known = this.#seen.find(machineId, revision);
    const parts = known === undefined ? [] : changedParts(known.storedSet, present.storedSet);
    const names = parts.length === 0 ? ['definition'] : parts;
    throw new LimenError('CONFLICT', { reason: 'changed', names });
  }

  async #read(machineId: MachineId): Promise<HardwareReading> {
    const { turns } = this.#locks;
    const reading = await this.#deps.hardware.read(machineId);
    // What was read beside one of our own changes is no other tool's work.
    if (turns === this.#locks.turns && !this.#locks.isBusy(machineId)) await this.#notice(machineId, reading);
    return reading;
  }

  /** Others changed it when it is not what was seen last: the definition they replaced is kept, too. */
  async #notice(machineId: MachineId, reading: HardwareReading): Promise<void> {
    const last = this.#seen.add(machineId, reading);
    if (last !== undefined) await this.#definitions.keep(machineId, last, null);
  }
}
