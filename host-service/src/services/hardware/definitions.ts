import { LimenError, type KeptDefinition, type Machine, type MachineId } from '@limen/contract';
import type { DefinitionHistory, KeptEntry, Replacer } from '../../ports/definition-history.ts';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HardwareReading, MachineHardware } from '../../ports/machine-hardware.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Growth } from './growth.ts';

export interface DefinitionsDependencies {
  readonly disks: Pick<DiskTool, 'info'>;
  readonly growth: Growth;
  readonly hardware: Pick<MachineHardware, 'define' | 'describe' | 'withoutDisks'>;
  readonly history: DefinitionHistory;
  readonly storage: Pick<MachineStorage, 'allocatedBytes'>;
  readonly logger: Logger;
}

/** Definitions as texts: replaced, kept, gone back to. */
export class Definitions {
  readonly #deps: DefinitionsDependencies;

  constructor(deps: DefinitionsDependencies) {
    this.#deps = deps;
  }

  replace(machineId: MachineId, xml: string): Promise<void> {
    return this.#deps.hardware.define(machineId, xml);
  }

  async history(machineId: MachineId): Promise<KeptDefinition[]> {
    const entries = await this.#deps.history.list(machineId);
    return entries.map(({ id, replacedAt, replacedBy, xml }) => ({ id, replacedAt, replacedBy, xml }));
  }

  any(machineId: MachineId): Promise<boolean> {
    return this.#deps.history.any(machineId);
  }

  /** What was done stays done when it cannot be kept what there was before. */
  async keep(machineId: MachineId, { stored }: HardwareReading, replacedBy: Replacer): Promise<void> {
    await this.#deps.history.keep(machineId, stored, replacedBy).catch((error: unknown) => {
      this.#deps.logger.warn({ machineId, err: error }, 'could not keep the definition before a change');
    });
  }

  /**
   * Go back by one. Disks whose files are gone are left out. Rejects with `NOT_FOUND` when there is none before, and
   * `FORBIDDEN` for what an administrator or another tool did: it may have been done to take something away.
   */
  async undo(principal: Principal, machine: Machine, present: HardwareReading): Promise<void> {
    const { growth, hardware, history } = this.#deps;
    const [last] = await history.list(machine.id);
    if (last === undefined) throw new LimenError('NOT_FOUND', { kind: 'definition', id: machine.id });
    if (principal.role !== 'administrator' && last.replacedById !== principal.userId) {
      throw new LimenError('FORBIDDEN', { permission: 'administrator' });
    }
    const xml = await this.#withoutLostDisks(last);
    const [before, now] = [hardware.describe(xml), present.storedSet];
    const [bytesBefore, bytesNow] = await Promise.all([this.#diskBytes(before), this.#diskBytes(now)]);
    const increase = {
      vcpus: before.vcpus.maximum - now.vcpus.maximum,
      memory: { from: now.memory.maximumBytes, to: before.memory.maximumBytes },
      diskBytes: bytesBefore - bytesNow,
    };
    await growth.during(machine, increase, () => hardware.define(machine.id, xml));
    await history.forget(machine.id, last.id);
  }

  async #withoutLostDisks({ xml }: KeptEntry): Promise<string> {
    const { hardware, storage } = this.#deps;
    const lost: string[] = [];
    for (const { target, source } of hardware.describe(xml).disks) {
      if (source?.startsWith('/') !== true) continue;
      if ((await storage.allocatedBytes(source)) === null) lost.push(target);
    }
    return lost.length === 0 ? xml : hardware.withoutDisks(xml, lost);
  }

  async #diskBytes({ disks }: HardwareReading['storedSet']): Promise<number> {
    const files = disks.flatMap(({ device, source }) =>
      device === 'disk' && source?.startsWith('/') === true ? source : [],
    );
    const infos = await Promise.all(files.map((path) => this.#deps.disks.info(path).catch(() => null)));
    return infos.reduce((total, info) => total + (info?.virtualBytes ?? 0), 0);
  }
}
