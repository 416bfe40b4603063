import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  type cloneRequest,
  imageId,
  type Job,
  LimenError,
  type Machine,
  type MachineId,
  machineId,
} from '@limen/contract';
import type { z } from 'zod';
import type { Accounts } from '../../ports/accounts.ts';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { DefinedFiles, MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineSnapshots } from '../../ports/machine-snapshots.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Reservations } from '../../ports/reservations.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { requireMachine } from '../machine-access.ts';
import type { Capacity } from './capacity.ts';
import type { StartedCreation } from './creation.ts';
import type { DiskUsers } from './disk-users.ts';
import type { CloneArgs } from './job-args.ts';
import type { MachineNames } from './machine-names.ts';
import { machineFile, newMac } from './machine-plan.ts';
import { type CopiedDisk, disksAt } from './snapshot-disks.ts';

type CloneRequest = z.infer<typeof cloneRequest>;

export interface CloningDependencies {
  readonly accounts: Pick<Accounts, 'find'>;
  readonly capacity: Capacity;
  readonly disks: Pick<DiskTool, 'info'>;
  readonly editor: MachineEditor;
  readonly inventory: Pick<Inventory, 'find'>;
  readonly jobs: Pick<Jobs, 'wake' | 'enqueue'>;
  readonly names: MachineNames;
  readonly reservations: Reservations;
  readonly snapshots: Pick<MachineSnapshots, 'read'>;
  readonly storage: MachineStorage;
  readonly users: DiskUsers;
}

/** Begins to copy machines, and to make copies stand alone. */
export class Cloning {
  readonly #deps: CloningDependencies;

  constructor(deps: CloningDependencies) {
    this.#deps = deps;
  }

  /**
   * The copy belongs to the source's owner, or to who asks when nobody owns that. Rejects with `CONFLICT` (`wrong-state`
   * unless it is off or it is an external snapshot that is copied, and for a linked clone of a machine with snapshots; `name-taken`), `UNSUPPORTED` for disks that
   * are no files, and `QUOTA_EXCEEDED`.
   */
  async clone(principal: Principal, request: CloneRequest): Promise<StartedCreation> {
    const { inventory, names, capacity, reservations, jobs, accounts } = this.#deps;
    const source = requireMachine(inventory, request.machineId);
    const moment = await this.#momentOf(source, request);
    names.claim([request.name]);
    const args = await this.#argsFor(principal, source, { ...request, moment });
    const owner = args.owner && (await accounts.find(args.owner.id));
    const limited = owner?.role !== 'administrator';
    const { userId, username } = principal;
    const [jobId] = await reservations.reserve({
      allocations: [args.allocation],
      capacity: await capacity.forReservation(),
      limited,
      jobs: [
        {
          kind: 'machine.clone',
          args: { ...args, limited },
          subject: { name: request.name, machineId: args.machineId },
          createdBy: { userId, username },
          // Two clones of a machine at once would both move its disk.
          dedupeKey: `machine ${source.id}`,
        },
      ],
    });
    if (jobId === undefined) throw new LimenError('INTERNAL', {});
    jobs.wake();
    return { jobId, machineId: args.machineId, name: request.name };
  }

  /** Rejects with `CONFLICT`: `no-base` when its disks share nothing; `wrong-state` while it has snapshots. */
  async flatten(principal: Principal, id: MachineId): Promise<Job> {
    const { inventory, editor, users, jobs } = this.#deps;
    const { name } = requireMachine(inventory, id);
    const { disks, hasSnapshots } = await editor.files(id);
    // What they keep rests on the very blocks that would be copied away from under them.
    if (hasSnapshots) throw new LimenError('CONFLICT', { reason: 'wrong-state', state: 'has-snapshots' });
    const chains = await Promise.all(disks.map((disk) => users.chainOf(disk)));
    if (!chains.some((chain) => chain.length > 1)) throw new LimenError('CONFLICT', { reason: 'no-base' });
    const { userId, username } = principal;
    return jobs.enqueue({
      kind: 'machine.flatten',
      args: { machineId: id, name },
      subject: { name, machineId: id },
      createdBy: { userId, username },
      dedupeKey: `machine ${id}`,
    });
  }

  /** The disks of a snapshot; null: those of now. Rejects as {@link clone} does. */
  async #momentOf(source: Machine, { mode, snapshot }: CloneRequest): Promise<CopiedDisk[] | null> {
    const { state } = source;
    if (snapshot === undefined) {
      if (state !== 'off') throw new LimenError('CONFLICT', { reason: 'wrong-state', state });
      return null;
    }
    if (mode === 'linked') {
      const issue = { path: ['mode'], message: 'copies of snapshots share nothing' };
      throw new LimenError('INVALID_INPUT', { issues: [issue] });
    }
    return disksAt(await this.#deps.snapshots.read(source.id), snapshot);
  }

  async #argsFor(
    principal: Principal,
    source: Machine,
    request: CloneRequest & { readonly moment: CopiedDisk[] | null },
  ): Promise<CloneArgs> {
    const { editor, storage, disks } = this.#deps;
    const files = await editor.files(source.id);
    const linked = request.mode === 'linked';
    if (linked && files.hasSnapshots) {
      throw new LimenError('CONFLICT', { reason: 'wrong-state', state: 'has-snapshots' });
    }
    const from = request.moment ?? sourceDisks(files);
    const sizes = await Promise.all(
      from.map(async (disk) => (await disks.info(disk.from.path))?.virtualBytes ?? 0),
    );
    const diskBytes = sizes.reduce((total, bytes) => total + bytes, 0);
    const id = machineId.parse(randomUUID());
    const file = (ending: string) => machineFile(storage.directory, request.name, id, ending);
    const owner = source.owner ?? { id: principal.userId, username: principal.username };
    return {
      sourceId: source.id,
      sourceName: source.name,
      snapshot: request.snapshot ?? null,
      sourceLinkedTo: source.linkedTo,
      machineId: id,
      name: request.name,
      description: request.description ?? null,
      owner,
      nvram: { from: files.nvramPath, to: file('.nvram.fd') },
      disks: from.map((disk, index) => ({
        ...disk,
        to: file(index === 0 ? '.qcow2' : `.${disk.target}.qcow2`),
      })),
      bases: linked ? from.map((disk) => this.#baseOf(source, disk)) : [],
      presetId: source.presetId,
      macs: source.interfaces.map(() => newMac()),
      allocation: {
        machineId: id,
        name: request.name,
        userId: owner.id,
        vcpus: source.vcpus.maximum,
        memoryBytes: source.memory.maximumBytes,
        diskBytes,
        newDiskBytes: linked ? 0 : diskBytes,
      },
      limited: true,
      start: request.startAfterCreation,
    };
  }

  #baseOf({ name }: Machine, { target }: CopiedDisk): CloneArgs['bases'][number] {
    const id = imageId.parse(randomUUID());
    const path = join(this.#deps.storage.imagesDirectory, `base-${id}.qcow2`);
    return { target, imageId: id, path, name: `${name} (${target})` };
  }
}

/** Throws `UNSUPPORTED` for a machine with a disk that is no file of a format we copy. */
function sourceDisks({ disks }: DefinedFiles): CopiedDisk[] {
  return disks
    .filter(({ device }) => device === 'disk' || device === 'lun')
    .map(({ target, path, format }) => {
      if (path === null || (format !== 'qcow2' && format !== 'raw')) {
        throw new LimenError('UNSUPPORTED', { feature: `copying the disk ${target}`, packages: [] });
      }
      return { target, from: { path, format } };
    });
}
