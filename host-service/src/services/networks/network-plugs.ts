import { LimenError, type Machine, type MachineId, type MachineState } from '@limen/contract';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { MachineHardware } from '../../ports/machine-hardware.ts';
import type { Inventory } from '../inventory/inventory.ts';

/** One interface of a machine, in what runs, in what is stored, or in both. */
export interface Plug {
  readonly machine: Machine;
  readonly mac: string;
  /** libvirt's interface type: network, bridge … */
  readonly type: string;
  readonly source: string;
  /** It is plugged in now. */
  readonly live: boolean;
}

interface PlugDependencies {
  readonly hardware: Pick<MachineHardware, 'stored' | 'onChanged'>;
  readonly inventory: Pick<Inventory, 'machines' | 'onChanged'>;
}

type Interface = Pick<Machine['interfaces'][number], 'mac' | 'type' | 'source'>;

const OFF: ReadonlySet<MachineState> = new Set(['off', 'saved']);
const READS_AT_ONCE = 4;
/** libvirt does not tell of every change to a stored definition, `virsh attach-interface --config` for one. */
const TRUSTED_FOR_MS = 30_000;

/**
 * What machines are plugged into. What runs is in the inventory; what is stored for machines that run is read, and
 * remembered until something tells of a change.
 */
export class NetworkPlugs {
  readonly #deps: PlugDependencies;
  readonly #stored = new Map<MachineId, readonly Interface[]>();
  readonly #subscriptions: readonly Unsubscribe[];
  #forgottenAt = 0;

  constructor(deps: PlugDependencies) {
    this.#deps = deps;
    const forget = (machineId: MachineId): void => void this.#stored.delete(machineId);
    this.#subscriptions = [deps.hardware.onChanged(forget), deps.inventory.onChanged(forget)];
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
  }

  /** Read stored definitions anew, for a decision that rests on them. */
  forgetStored(): void {
    this.#stored.clear();
    this.#forgottenAt = performance.now();
  }

  async list(): Promise<Plug[]> {
    if (performance.now() - this.#forgottenAt > TRUSTED_FOR_MS) this.forgetStored();
    const machines = this.#deps.inventory.machines();
    const plugs: Plug[] = [];
    for (let from = 0; from < machines.length; from += READS_AT_ONCE) {
      const some = machines.slice(from, from + READS_AT_ONCE);
      plugs.push(...(await Promise.all(some.map((machine) => this.#ofMachine(machine)))).flat());
    }
    return plugs;
  }

  async #ofMachine(machine: Machine): Promise<Plug[]> {
    const off = OFF.has(machine.state);
    const live = off ? [] : machine.interfaces;
    const stored = off ? machine.interfaces : await this.#storedOf(machine);
    const plugs = [
      ...live.map((nic) => plugOf(machine, nic, true)),
      ...stored.map((nic) => plugOf(machine, nic, false)),
    ];
    const known = new Set<string>();
    return plugs.flatMap((plug) => {
      const key = plug === null ? null : `${plug.mac} ${plug.type} ${plug.source}`;
      if (plug === null || key === null || known.has(key)) return [];
      known.add(key);
      return [plug];
    });
  }

  async #storedOf({ id, persistent }: Machine): Promise<readonly Interface[]> {
    if (!persistent) return [];
    const known = this.#stored.get(id);
    if (known !== undefined) return known;
    try {
      const { interfaces } = await this.#deps.hardware.stored(id);
      this.#stored.set(id, interfaces);
      return interfaces;
    } catch (error) {
      // It went away meanwhile.
      if (LimenError.is(error, 'NOT_FOUND')) return [];
      throw error;
    }
  }
}

function plugOf(machine: Machine, { mac, type, source }: Interface, live: boolean): Plug | null {
  return source === null ? null : { machine, mac: mac.toLowerCase(), type, source, live };
}
