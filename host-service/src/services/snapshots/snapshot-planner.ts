import { randomBytes } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import {
  LimenError,
  type Machine,
  type MachineId,
  type newSnapshot,
  type revertRequest,
  type SnapshotOption,
} from '@limen/contract';
import type { z } from 'zod';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { SnapshotReading, SnapshotsReading } from '../../ports/machine-snapshots.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { DiskUsers } from '../lifecycle/disk-users.ts';
import { readDiskFiles } from './disk-files.ts';
import type { DeleteArgs, RevertArgs, TakeArgs } from './job-args.ts';
import { refusal, refused, snapshotOptions } from './refusals.ts';
import { deleteRefusal, isRevertedByLibvirt, memoryRoom, revertRefusal } from './snapshot-records.ts';
import { holdsInside } from './taking.ts';

export type NewSnapshot = z.infer<typeof newSnapshot>;
export type RevertRequest = z.infer<typeof revertRequest>;

export interface SnapshotPlannerDependencies {
  readonly disks: DiskTool;
  readonly storage: MachineStorage;
  readonly users: Pick<DiskUsers, 'others'>;
}

/** Decides everything a job needs to know, and refuses what cannot be before there is one. */
export class SnapshotPlanner {
  readonly #deps: SnapshotPlannerDependencies;

  constructor(deps: SnapshotPlannerDependencies) {
    this.#deps = deps;
  }

  /** Rejects with `CONFLICT` (`name-taken`, `snapshot-refused`), and `INVALID_INPUT` for a quiesce that cannot be. */
  async take(
    machine: Machine,
    reading: SnapshotsReading,
    { name, description, memory, quiesce }: Omit<NewSnapshot, 'machineId'>,
  ): Promise<TakeArgs> {
    const { setup, snapshots } = reading;
    const taken = snapshots.some((each) => each.name === name);
    if (taken || (await holdsInside(this.#deps.disks, reading, name)))
      throw new LimenError('CONFLICT', { reason: 'name-taken', names: [name] });
    const ways = (await this.#options(reading)).filter((way) => way.memory === memory);
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

  /** Rejects with `CONFLICT` (`snapshot-refused`), and as {@link take} does for the present. */
  async revert(
    machine: Machine,
    reading: SnapshotsReading,
    snapshot: SnapshotReading,
    { presentAs, start }: Pick<RevertRequest, 'presentAs' | 'start'>,
  ): Promise<RevertArgs> {
    const refusedFor = revertRefusal(snapshot, await readDiskFiles(this.#deps.disks, reading));
    if (refusedFor !== null) throw refused(refusedFor);
    return {
      machineId: machine.id,
      name: snapshot.name,
      present: presentAs === undefined ? null : await this.#present(machine, reading, presentAs),
      byLibvirt: isRevertedByLibvirt(snapshot, reading.setup),
      overlays: snapshot.disks.flatMap(({ kind, target, path, format }) => {
        if (kind !== 'external' || path === null) return [];
        const base = { path, format: format === 'qcow2' ? ('qcow2' as const) : ('raw' as const) };
        return [{ target, path: this.#newFile(path), base }];
      }),
      memory: snapshot.memory,
      memoryFile: snapshot.memoryFile,
      paused: snapshot.state === 'paused',
      start,
    };
  }

  /** Rejects with `CONFLICT`: `snapshot-refused`; `in-use` for files that others need. */
  async delete(
    machineId: MachineId,
    reading: SnapshotsReading,
    snapshot: SnapshotReading,
    children: boolean,
  ): Promise<DeleteArgs> {
    const chosen = children ? [...descendants(snapshot, reading.snapshots), snapshot] : [snapshot];
    const names = chosen.map(({ name }) => name);
    const files = await readDiskFiles(this.#deps.disks, reading);
    for (const each of chosen) {
      const refusedFor = deleteRefusal(each, reading, files);
      if (refusedFor === null) continue;
      // What is deleted before does not stand in the way.
      const goesFirst =
        refusedFor.reason === 'branches' && refusedFor.names.every((other) => names.includes(other));
      if (!goesFirst) throw refused(refusedFor);
    }
    await this.#requireOwnFiles(machineId, chosen);
    return { machineId, names, wasOff: reading.setup.state === 'off' };
  }

  async #options({ setup, snapshots }: SnapshotsReading): Promise<SnapshotOption[]> {
    return snapshotOptions(setup, snapshots, await memoryRoom(this.#deps.storage, setup));
  }

  /** With its memory where it runs, if that can be. */
  async #present(machine: Machine, reading: SnapshotsReading, name: string): Promise<TakeArgs> {
    const options = await this.#options(reading);
    const best = options.find(({ refusals }) => refusals.length === 0);
    if (best === undefined) throw refused(options[0]?.refusals[0] ?? refusal('wrong-state'));
    return this.take(machine, reading, { name, description: '', memory: best.memory, quiesce: false });
  }

  /** Beside the file it goes on top of, so that it is in the same pool; of block devices, in LIMEN's own folder. */
  #newFile(from: string, ending = '.qcow2'): string {
    const folder =
      from.startsWith('/') && !from.startsWith('/dev/') ? dirname(from) : this.#deps.storage.directory;
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
}

/** Those taken on it, the last ones first. */
function descendants(snapshot: SnapshotReading, all: readonly SnapshotReading[]): SnapshotReading[] {
  return all
    .filter(({ parent }) => parent === snapshot.name)
    .flatMap((child) => [...descendants(child, all), child]);
}
