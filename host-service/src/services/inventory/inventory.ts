import {
  type HypervisorStatus,
  type InventoryEvent,
  type InventoryPosition,
  LimenError,
  type Machine,
  type MachineId,
  type MachineState,
} from '@limen/contract';
import type { Hypervisor, HypervisorMachine, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Ownership } from '../../ports/ownership.ts';
import type { Principal } from '../../ports/principal.ts';
import { scopeOf } from '../visibility.ts';
import { Coalescer } from './coalescer.ts';
import { MachineTable } from './machine-table.ts';

type Owner = NonNullable<Machine['owner']>;

export interface InventoryDependencies {
  readonly hypervisor: Pick<
    Hypervisor,
    'status' | 'onStatus' | 'onMachineChanged' | 'listMachines' | 'getMachine'
  >;
  readonly ownership: Ownership;
  readonly logger: Logger;
  /** Net under the events: list everything again this often. Ms. */
  readonly reconcileMs?: number;
  /** After a read that failed. Ms. */
  readonly retryMs?: number;
}

/** libvirt answers five calls of a client at a time; single reads leave room for the others. */
const CONCURRENT_READS = 4;

/**
 * What this host runs, kept current by libvirt's events: an event leads to one read of that machine, a new
 * connection to one list of all. Nothing is polled but the slow reconcile. Only libvirt saying that there is no
 * such domain removes a record; a read that fails leaves the last known one.
 */
export class Inventory {
  readonly #deps: InventoryDependencies;
  readonly #table: MachineTable;
  readonly #reads: Coalescer<MachineId, Machine>;
  readonly #subscriptions: Unsubscribe[] = [];
  readonly #failed = new Set<MachineId>();
  #owners: ReadonlyMap<MachineId, Owner> = new Map();
  #ownersLoaded = false;
  /** Counts {@link setOwner} calls: a load that one overtook is out of date. */
  #ownerEdits = 0;
  /** Machines with an event since the running list began: the list may be older than what is known of them. */
  #changedDuringList: Set<MachineId> | null = null;
  #listAgain = false;
  #reconcileTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(deps: InventoryDependencies) {
    this.#deps = deps;
    this.#table = new MachineTable({
      ...deps.hypervisor.status,
      state: 'connecting',
    });
    this.#reads = new Coalescer((machineId) => this.#read(machineId), CONCURRENT_READS);
  }

  /** Subscribe to libvirt's events. Call before the hypervisor starts, so that no status is missed. */
  start(): void {
    const { hypervisor, reconcileMs = 60_000 } = this.#deps;
    this.#subscriptions.push(
      hypervisor.onStatus((status) => this.#onStatus(status)),
      hypervisor.onMachineChanged((machineId) => this.#onMachineChanged(machineId)),
    );
    this.#onStatus(hypervisor.status);
    void this.#loadOwners();
    this.#reconcileTimer = setInterval(() => this.#reconcile(), reconcileMs).unref();
  }

  close(): void {
    this.#closed = true;
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
    clearInterval(this.#reconcileTimer);
    clearTimeout(this.#retryTimer);
  }

  /** The hypervisor's status as published: `connected` only once the machines behind it are known. */
  get status(): HypervisorStatus {
    return this.#table.status;
  }

  find(machineId: MachineId): Machine | undefined {
    return this.#table.get(machineId);
  }

  list(principal: Principal): Machine[] {
    return this.#table.inScope(scopeOf(principal));
  }

  /** False until owners were read once: until then nobody's machines may be somebody's. */
  get ownersKnown(): boolean {
    return this.#ownersLoaded;
  }

  /** Everybody's, for the service's own use. */
  machines(): readonly Machine[] {
    return this.#table.all();
  }

  countByState(): ReadonlyMap<MachineState, number> {
    return this.#table.countByState();
  }

  onChanged(listener: (machineId: MachineId) => void): Unsubscribe {
    return this.#table.onChanged(listener);
  }

  watch(
    principal: Principal,
    since: InventoryPosition | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<InventoryEvent, void, void> {
    return this.#table.watch(scopeOf(principal), since, signal);
  }

  /** Read one machine now and publish it. Rejects with `NOT_FOUND` (and removes it) or as the hypervisor does. */
  refresh(machineId: MachineId): Promise<Machine> {
    return this.#reads.run(machineId);
  }

  /** Publish an owner that was just stored. */
  setOwner(machineId: MachineId, owner: Owner | null): void {
    const owners = new Map(this.#owners);
    if (owner) owners.set(machineId, owner);
    else owners.delete(machineId);
    this.#owners = owners;
    this.#ownerEdits += 1;
    this.#publishOwners();
  }

  #onStatus(status: HypervisorStatus): void {
    if (status.state === 'connected') void this.#relist();
    else this.#table.apply({ status });
  }

  #onMachineChanged(machineId: MachineId): void {
    this.#changedDuringList?.add(machineId);
    this.refresh(machineId).catch((error: unknown) => this.#onReadFailed(machineId, error));
  }

  async #read(machineId: MachineId): Promise<Machine> {
    try {
      const machine = this.#withOwner(await this.#deps.hypervisor.getMachine(machineId));
      this.#failed.delete(machineId);
      this.#table.apply({ upserted: [machine] });
      return machine;
    } catch (error) {
      if (LimenError.is(error, 'NOT_FOUND')) {
        this.#failed.delete(machineId);
        this.#table.apply({ removed: [machineId] });
      }
      throw error;
    }
  }

  #onReadFailed(machineId: MachineId, error: unknown): void {
    if (LimenError.is(error, 'NOT_FOUND') || this.#closed) return;
    this.#deps.logger.warn(
      { machineId, err: error },
      'could not read a machine; keeping the last known record',
    );
    this.#failed.add(machineId);
    this.#retryTimer ??= setTimeout(() => this.#retry(), this.#deps.retryMs ?? 2_000).unref();
  }

  #retry(): void {
    this.#retryTimer = undefined;
    const machineIds = [...this.#failed];
    this.#failed.clear();
    // Without a connection there is nothing to retry: the next one begins with a full list.
    if (this.#deps.hypervisor.status.state !== 'connected') return;
    for (const machineId of machineIds) this.#onMachineChanged(machineId);
  }

  #reconcile(): void {
    void this.#loadOwners();
    if (this.#deps.hypervisor.status.state === 'connected') void this.#relist();
  }

  /** One list at a time; asked for again meanwhile, it runs once more. */
  async #relist(): Promise<void> {
    if (this.#changedDuringList) {
      this.#listAgain = true;
      return;
    }
    const changed = new Set<MachineId>();
    this.#changedDuringList = changed;
    const listed = await this.#deps.hypervisor.listMachines().catch((error: unknown) => {
      this.#deps.logger.warn({ err: error }, 'could not list machines');
      return null;
    });
    this.#changedDuringList = null;
    if (this.#closed) return;
    const { status } = this.#deps.hypervisor;
    if (listed && status.state === 'connected') this.#applyList(listed, changed, status);
    if (this.#listAgain || (!listed && status.state === 'connected')) {
      this.#scheduleList(listed ? 0 : (this.#deps.retryMs ?? 2_000));
    }
  }

  #scheduleList(delayMs: number): void {
    this.#listAgain = false;
    setTimeout(() => {
      if (!this.#closed && this.#deps.hypervisor.status.state === 'connected') void this.#relist();
    }, delayMs).unref();
  }

  #applyList(
    listed: readonly HypervisorMachine[],
    changed: ReadonlySet<MachineId>,
    status: HypervisorStatus,
  ): void {
    const present = new Set(listed.map((machine) => machine.id));
    this.#table.apply({
      upserted: listed
        .filter((machine) => !changed.has(machine.id))
        .map((machine) => this.#withOwner(machine)),
      removed: this.#table
        .all()
        .map((machine) => machine.id)
        .filter((id) => !present.has(id) && !changed.has(id)),
      status,
    });
  }

  #withOwner(machine: HypervisorMachine): Machine {
    return { ...machine, owner: this.#owners.get(machine.id) ?? null };
  }

  async #loadOwners(): Promise<void> {
    const edits = this.#ownerEdits;
    try {
      const owners = await this.#deps.ownership.all();
      if (edits !== this.#ownerEdits) return await this.#loadOwners();
      this.#owners = owners;
      this.#ownersLoaded = true;
      this.#publishOwners();
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'could not read machine owners; keeping the last known ones');
      if (this.#ownersLoaded || this.#closed) return;
      setTimeout(() => void this.#loadOwners(), this.#deps.retryMs ?? 2_000).unref();
    }
  }

  #publishOwners(): void {
    this.#table.apply({
      upserted: this.#table.all().map((machine) => this.#withOwner(machine)),
    });
  }
}
