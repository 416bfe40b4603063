import { randomBytes } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import {
  type Job,
  LimenError,
  type Machine,
  type MachineId,
  type newSnapshot,
  type revertRequest,
  type SnapshotPicture,
  type SnapshotTree,
} from '@limen/contract';
import type { z } from 'zod';
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
import { readDiskFiles } from './disk-files.ts';
import type { DeleteArgs, RevertArgs, TakeArgs } from './job-args.ts';
import { refusal, refused, snapshotOptions } from './refusals.ts';
import { revertSnapshotJob } from './revert-job.ts';
import {
  deleteRefusal,
  isRevertedByLibvirt,
  pictureKey,
  revertRefusal,
  SnapshotRecords,
} from './snapshot-records.ts';
import { holdsInside } from './taking.ts';

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

type NewSnapshot = z.infer<typeof newSnapshot>;
type RevertRequest = z.infer<typeof revertRequest>;

/** So many machines whose storage hangs keep the others waiting. */
const CONCURRENT_READS = 4;

/** Moments of machines to go back to. Everything is looked at before a job is made of it, and refused then. */
export class Snapshots {
  readonly #deps: SnapshotDependencies;
  readonly #reads: Coalescer<MachineId, SnapshotTree>;
  readonly #listeners = new Set<(machineId: MachineId) => void>();

  /** Registers its jobs: call before they start. */
  constructor(deps: SnapshotDependencies) {
    this.#deps = deps;
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
    const args = await this.#takeArgs(machine, reading, request);
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
    const { inventory, disks } = this.#deps;
    const machine = requireMachine(inventory, request.machineId);
    const { snapshot, reading } = await this.#find(machine.id, request.name);
    const refusedFor = revertRefusal(snapshot, await readDiskFiles(disks, reading));
    if (refusedFor !== null) throw refused(refusedFor);
    const args: RevertArgs = {
      machineId: machine.id,
      name: snapshot.name,
      present: await this.#presentArgs(machine, reading, request.presentAs),
      byLibvirt: isRevertedByLibvirt(snapshot, reading.setup),
      overlays: snapshot.disks.flatMap(({ kind, target, path, format }) => {
        if (kind !== 'external' || path === null) return [];
        const base = { path, format: format === 'qcow2' ? ('qcow2' as const) : ('raw' as const) };
        return [{ target, path: this.#newFile(path), base }];
      }),
      memory: snapshot.memory,
      memoryFile: snapshot.memoryFile,
      paused: snapshot.state === 'paused',
      start: request.start,
    };
    return this.#enqueue(principal, machine, { kind: 'snapshot.revert', args });
  }

  /** Rejects as {@link revert} does; with `CONFLICT` (`in-use`) for files that others need. */
  async delete(
    principal: Principal,
    { machineId, name, children }: { machineId: MachineId; name: string; children: boolean },
  ): Promise<Job> {
    const { inventory, disks } = this.#deps;
    const machine = requireMachine(inventory, machineId);
    const { snapshot, reading } = await this.#find(machineId, name);
    const chosen = children ? [...descendants(snapshot, reading.snapshots), snapshot] : [snapshot];
    const files = await readDiskFiles(disks, reading);
    for (const each of chosen) {
      const refusedFor = deleteRefusal(each, reading, files);
      const names = chosen.map((other) => other.name);
      // What is deleted before does not stand in the way.
      if (
        refusedFor !== null &&
        !(refusedFor.reason === 'branches' && refusedFor.names.every((other) => names.includes(other)))
      )
        throw refused(refusedFor);
    }
    await this.#requireOwnFiles(machineId, chosen);
    const args: DeleteArgs = {
      machineId,
      names: chosen.map((each) => each.name),
      wasOff: reading.setup.state === 'off',
    };
    return this.#enqueue(principal, machine, { kind: 'snapshot.delete', args });
  }

  async #takeArgs(
    machine: Machine,
    reading: SnapshotsReading,
    wish: Pick<NewSnapshot, 'name' | 'description' | 'memory' | 'quiesce'>,
  ): Promise<TakeArgs> {
    const { setup, snapshots } = reading;
    const { name, description, memory, quiesce } = wish;
    const taken = snapshots.some((each) => each.name === name);
    if (taken || (await holdsInside(this.#deps.disks, reading, name)))
      throw new LimenError('CONFLICT', { reason: 'name-taken', names: [name] });
    const ways = snapshotOptions(setup, snapshots).filter((way) => way.memory === memory);
    const way = ways.find(({ refusals }) => refusals.length === 0);
    if (way === undefined) throw refused(ways[0]?.refusals[0] ?? refusal('memory-needed'));
    const canQuiesce = setup.agent && setup.state === 'running' && !memory;
    if (quiesce && !canQuiesce) {
      const issue = { path: ['quiesce'], message: 'no agent answers, or the memory is kept' };
      throw new LimenError('INVALID_INPUT', { issues: [issue] });
    }
    const files = way.kind === 'internal' ? [] : setup.disks;
    const overlays = files.flatMap(({ target, path }) =>
      path === null ? [] : [{ target, path: this.#newFile(path) }],
    );
    const withMemoryFile = way.kind === 'external' && memory;
    const memoryFile = withMemoryFile ? this.#newFile(`${machine.id}.memory`, '.save') : null;
    return {
      machineId: machine.id,
      plan: { name, description, kind: way.kind, memoryFile, overlays, quiesce },
      running: setup.state === 'running',
    };
  }

  /** With its memory where it runs, if that can be. */
  async #presentArgs(
    machine: Machine,
    reading: SnapshotsReading,
    name: string | undefined,
  ): Promise<TakeArgs | null> {
    if (name === undefined) return null;
    const options = snapshotOptions(reading.setup, reading.snapshots);
    const best = options.find(({ refusals }) => refusals.length === 0);
    if (best === undefined) throw refused(options[0]?.refusals[0] ?? refusal('wrong-state'));
    return this.#takeArgs(machine, reading, { name, description: '', memory: best.memory, quiesce: false });
  }

  /** Beside the file it goes on top of, so that it is in the same pool; of block devices, in LIMEN's own folder. */
  #newFile(from: string, ending = '.qcow2'): string {
    const { storage } = this.#deps;
    const folder = from.startsWith('/') && !from.startsWith('/dev/') ? dirname(from) : storage.directory;
    const stem = basename(from, extname(from)).replace(/\.at-[0-9a-f]{8}$/, '');
    return join(folder, `${stem}.at-${randomBytes(4).toString('hex')}${ending}`);
  }

  /** Merging changes a file, and whatever others have on top of it. */
  async #requireOwnFiles(machineId: MachineId, chosen: readonly SnapshotReading[]): Promise<void> {
    const external = chosen.filter(({ kind }) => kind === 'external');
    if (external.length === 0) return;
    const others = await this.#deps.users.others(machineId);
    const files = external.flatMap(({ disks }) => disks.flatMap(({ path, overlay }) => [path, overlay]));
    const names = files.flatMap((file) => (file === null ? [] : (others.get(file) ?? [])));
    if (names.length > 0) throw new LimenError('CONFLICT', { reason: 'in-use', names: [...new Set(names)] });
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

/** Those taken on it, the last ones first. */
function descendants(snapshot: SnapshotReading, all: readonly SnapshotReading[]): SnapshotReading[] {
  return all
    .filter(({ parent }) => parent === snapshot.name)
    .flatMap((child) => [...descendants(child, all), child]);
}
