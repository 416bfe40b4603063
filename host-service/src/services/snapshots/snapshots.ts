import {
  type Job,
  LimenError,
  type Machine,
  type MachineId,
  type SnapshotPicture,
  type SnapshotTree,
} from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Jobs, NewJob } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineSnapshots, SnapshotReading, SnapshotsReading } from '../../ports/machine-snapshots.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Principal } from '../../ports/principal.ts';
import type { SnapshotPictures } from '../../ports/snapshot-pictures.ts';
import { Coalescer } from '../inventory/coalescer.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { DiskUsers } from '../lifecycle/disk-users.ts';
import { machineNotFound, requireMachine } from '../machine-access.ts';
import { watchMachine } from '../machine-watch.ts';
import { mayOnMachine } from '../visibility.ts';
import { createSnapshotJob } from './create-job.ts';
import { deleteSnapshotsJob } from './delete-job.ts';
import { revertSnapshotJob } from './revert-job.ts';
import { type NewSnapshot, type RevertRequest, SnapshotPlanner } from './snapshot-planner.ts';
import { pictureKey, SnapshotRecords } from './snapshot-records.ts';

export interface SnapshotPorts {
  readonly snapshots: MachineSnapshots;
  readonly pictures: SnapshotPictures;
}

export interface SnapshotDependencies extends SnapshotPorts {
  readonly disks: DiskTool;
  readonly editor: MachineEditor;
  readonly hypervisor: Pick<Hypervisor, 'onStatus'>;
  readonly inventory: Pick<Inventory, 'find' | 'onChanged' | 'refresh'>;
  readonly jobs: Pick<Jobs, 'enqueue' | 'register'>;
  readonly logger: Logger;
  readonly storage: MachineStorage;
  readonly users: DiskUsers;
}

/** So many machines whose storage hangs keep the others waiting. */
const CONCURRENT_READS = 4;

/** Moments of machines to go back to. Everything is looked at before a job is made of it, and refused then. */
export class Snapshots {
  readonly #deps: SnapshotDependencies;
  readonly #planner: SnapshotPlanner;
  readonly #reads: Coalescer<MachineId, SnapshotTree>;
  readonly #listeners = new Set<(machineId: MachineId) => void>();

  /** Registers its jobs: call before they start. */
  constructor(deps: SnapshotDependencies) {
    this.#deps = deps;
    this.#planner = new SnapshotPlanner(deps);
    const records = new SnapshotRecords(deps);
    this.#reads = new Coalescer((id) => records.tree(id), CONCURRENT_READS);
    const shared = { ...deps, changed: (id: MachineId) => this.#announce(id) };
    deps.jobs.register(createSnapshotJob(shared));
    deps.jobs.register(revertSnapshotJob(shared));
    deps.jobs.register(deleteSnapshotsJob(shared));
    deps.inventory.onChanged((id) => {
      if (deps.inventory.find(id) === undefined) this.#forgetPictures(id);
    });
  }

  list(machineId: MachineId): Promise<SnapshotTree> {
    return this.#reads.run(machineId);
  }

  watch(
    principal: Principal,
    machineId: MachineId,
    signal: AbortSignal,
  ): AsyncGenerator<SnapshotTree, void, void> {
    const { inventory, snapshots } = this.#deps;
    const read = async (): Promise<SnapshotTree> => {
      const machine = inventory.find(machineId);
      // Owners change while somebody looks.
      if (machine !== undefined && !mayOnMachine(principal, 'machine:view', machine))
        throw machineNotFound(machineId);
      return this.list(machineId);
    };
    const onOurs = (listener: (id: MachineId) => void): Unsubscribe => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    };
    const sources = [(listener: (id: MachineId) => void) => snapshots.onChanged(listener), onOurs];
    return watchMachine(machineId, { ...this.#deps, sources, read }, signal);
  }

  /** Rejects with `NOT_FOUND` (kind `snapshot`, or `picture`). */
  async picture(machineId: MachineId, name: string): Promise<SnapshotPicture> {
    const { snapshot } = await this.#find(machineId, name);
    const png = await this.#deps.pictures.read(pictureKey(machineId, snapshot));
    if (png === null) throw new LimenError('NOT_FOUND', { kind: 'picture', id: name });
    return { mediaType: 'image/png', base64: png.toString('base64') };
  }

  /**
   * Rejects with `CONFLICT`: `name-taken`; `snapshot-refused` with what speaks against every way that was asked for;
   * `busy` while other long work is done with the machine; `in-trash`.
   */
  async create(principal: Principal, request: NewSnapshot): Promise<Job> {
    const machine = requireMachine(this.#deps.inventory, request.machineId);
    const reading = await this.#deps.snapshots.read(machine.id);
    const args = await this.#planner.take(machine, reading, request);
    return this.#enqueue(principal, machine, { kind: 'snapshot.create', args });
  }

  async describe(machineId: MachineId, name: string, description: string): Promise<SnapshotTree> {
    requireMachine(this.#deps.inventory, machineId);
    await this.#deps.snapshots.describe(machineId, name, description);
    this.#announce(machineId);
    return this.list(machineId);
  }

  /** Rejects as {@link create} does, and with `NOT_FOUND` (kind `snapshot`). */
  async revert(principal: Principal, request: RevertRequest): Promise<Job> {
    const machine = requireMachine(this.#deps.inventory, request.machineId);
    const { snapshot, reading } = await this.#find(machine.id, request.name);
    const args = await this.#planner.revert(machine, reading, snapshot, request);
    return this.#enqueue(principal, machine, { kind: 'snapshot.revert', args });
  }

  /** Rejects as {@link revert} does; with `CONFLICT` (`in-use`) for files that others need. */
  async delete(
    principal: Principal,
    { machineId, name, children }: { machineId: MachineId; name: string; children: boolean },
  ): Promise<Job> {
    const machine = requireMachine(this.#deps.inventory, machineId);
    const { snapshot, reading } = await this.#find(machineId, name);
    const args = await this.#planner.delete(machineId, reading, snapshot, children);
    return this.#enqueue(principal, machine, { kind: 'snapshot.delete', args });
  }

  async #find(
    machineId: MachineId,
    name: string,
  ): Promise<{ snapshot: SnapshotReading; reading: SnapshotsReading }> {
    const reading = await this.#deps.snapshots.read(machineId);
    const snapshot = reading.snapshots.find((each) => each.name === name);
    if (snapshot === undefined) throw new LimenError('NOT_FOUND', { kind: 'snapshot', id: name });
    return { snapshot, reading };
  }

  #enqueue(
    { userId, username }: Principal,
    machine: Machine,
    job: Pick<NewJob, 'kind' | 'args'>,
  ): Promise<Job> {
    return this.#deps.jobs.enqueue({
      ...job,
      subject: { name: machine.name, machineId: machine.id },
      createdBy: { userId, username },
      // Whatever takes long with a machine is done one after another.
      dedupeKey: `machine ${machine.id}`,
    });
  }

  #announce(machineId: MachineId): void {
    for (const listener of this.#listeners) listener(machineId);
  }

  #forgetPictures(machineId: MachineId): void {
    const { pictures, logger } = this.#deps;
    pictures.forget(machineId).catch((error: unknown) => {
      logger.warn({ machineId, err: error }, 'could not remove the pictures of a machine that is gone');
    });
  }
}
