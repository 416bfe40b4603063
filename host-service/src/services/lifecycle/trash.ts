import { type DeletionDisk, type Job, LimenError, type Machine, type MachineId } from '@limen/contract';
import type { Jobs } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { requireMachine } from '../machine-access.ts';
import type { DiskUsers } from './disk-users.ts';
import type { MachineNames } from './machine-names.ts';

const DAY_MS = 24 * 60 * 60_000;

export interface TrashDependencies {
  readonly editor: MachineEditor;
  readonly inventory: Pick<Inventory, 'find' | 'machines' | 'refresh'>;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly names: MachineNames;
  readonly storage: MachineStorage;
  readonly users: DiskUsers;
  /** How long machines stay in it. */
  readonly trashDays: number;
}

export interface PurgeWish {
  readonly machineId: MachineId;
  readonly keepDisks: boolean;
  readonly alsoDelete: readonly string[];
}

/**
 * Machines that were deleted, until they are purged: still defined, with all their files, off, out of the way of
 * their name, and marked in their definition, which thus is all there is to know of the trash.
 */
export class Trash {
  readonly #deps: TrashDependencies;

  constructor(deps: TrashDependencies) {
    this.#deps = deps;
  }

  /** Rejects with `CONFLICT`: `in-trash`, or `wrong-state` for a machine without a definition that would outlast it. */
  async put(principal: Principal, machineId: MachineId): Promise<Machine> {
    const { editor, inventory, trashDays } = this.#deps;
    const machine = requireMachine(inventory, machineId);
    if (!machine.persistent)
      throw new LimenError('CONFLICT', { reason: 'wrong-state', state: machine.state });
    const now = Date.now();
    const [at, purgeAt] = [now, now + trashDays * DAY_MS].map((ms) => new Date(ms).toISOString());
    if (at === undefined || purgeAt === undefined) throw new LimenError('INTERNAL', {});
    await editor.setMetadata(machineId, {
      trashed: {
        at,
        purgeAt,
        by: principal.username,
        name: machine.name,
        ...(machine.autostart && { autostart: true }),
      },
    });
    // Marked first: cut short here, it is in the trash and known to have started with the host.
    await editor.setAutostart(machineId, false);
    await editor.forceOff(machineId);
    await this.#freeName(machine);
    return inventory.refresh(machineId);
  }

  /** Rejects with `CONFLICT`: `not-in-trash`, or `name-taken`. It stays off, but starts with the host if it did before. */
  async restore(machineId: MachineId, newName: string | undefined): Promise<Machine> {
    const { editor, inventory, names } = this.#deps;
    const { name: presentName, trashed } = requireTrashed(inventory, machineId);
    const name = newName ?? trashed.name;
    if (name !== presentName) {
      names.claim([name]);
      await editor.rename(machineId, name);
    }
    if (trashed.autostart === true) await editor.setAutostart(machineId, true);
    await editor.setMetadata(machineId, { trashed: null });
    return inventory.refresh(machineId);
  }

  /** What a purge would concern: every file that is a disk of the machine. */
  async plan(machineId: MachineId): Promise<DeletionDisk[]> {
    const { editor, storage, users } = this.#deps;
    const [files, others] = await Promise.all([editor.files(machineId), users.others(machineId)]);
    const paths = files.disks.flatMap(({ device, path }) => (device === 'disk' && path !== null ? path : []));
    return Promise.all(
      paths.map(async (path) => ({
        path,
        bytes: await storage.allocatedBytes(path),
        managed: await storage.isOwn(path),
        neededBy: [...(others.get(path) ?? [])],
      })),
    );
  }

  /**
   * Rejects with `CONFLICT` `not-in-trash` or `in-use`, `FORBIDDEN` for who names foreign files without being an
   * administrator, and `INVALID_INPUT` for files that are no disks of the machine.
   */
  async purge(principal: Principal, { machineId, keepDisks, alsoDelete }: PurgeWish): Promise<Job> {
    const { inventory, jobs } = this.#deps;
    const { trashed } = requireTrashed(inventory, machineId);
    if (alsoDelete.length > 0) await this.#checkForeign(principal, machineId, alsoDelete);
    return jobs.enqueue({
      kind: 'machine.purge',
      args: { machineId, name: trashed.name, keepDisks, alsoDelete: [...alsoDelete] },
      subject: { name: trashed.name, machineId },
      createdBy: { userId: principal.userId, username: principal.username },
      dedupeKey: `machine ${machineId}`,
    });
  }

  /** Machines whose time in the trash is over. */
  expired(now: Date): Machine[] {
    return this.#deps.inventory
      .machines()
      .filter(({ trashed }) => trashed !== null && Date.parse(trashed.purgeAt) <= now.getTime());
  }

  async #checkForeign(principal: Principal, machineId: MachineId, paths: readonly string[]): Promise<void> {
    if (principal.role !== 'administrator')
      throw new LimenError('FORBIDDEN', { permission: 'administrator' });
    const disks = await this.plan(machineId);
    const issues = paths.flatMap((path, index) =>
      disks.some((disk) => disk.path === path)
        ? []
        : { path: ['alsoDelete', String(index)], message: 'is no disk of this machine' },
    );
    if (issues.length > 0) throw new LimenError('INVALID_INPUT', { issues });
    const names = disks.filter(({ path }) => paths.includes(path)).flatMap(({ neededBy }) => neededBy);
    if (names.length > 0) throw new LimenError('CONFLICT', { reason: 'in-use', names });
  }

  /** A machine that libvirt cannot rename (one with snapshots) keeps its name, which others then cannot have. */
  async #freeName({ id, name }: Machine): Promise<void> {
    try {
      await this.#deps.editor.rename(id, `${name}.trash-${id.slice(0, 8)}`);
    } catch (error) {
      if (!LimenError.is(error, 'HYPERVISOR_ERROR') && !LimenError.is(error, 'CONFLICT')) throw error;
    }
  }
}

function requireTrashed(
  inventory: Pick<Inventory, 'find'>,
  machineId: MachineId,
): Machine & { readonly trashed: NonNullable<Machine['trashed']> } {
  const machine = inventory.find(machineId);
  if (machine === undefined) throw new LimenError('NOT_FOUND', { kind: 'machine', id: machineId });
  const { trashed } = machine;
  if (trashed === null) throw new LimenError('CONFLICT', { reason: 'not-in-trash' });
  return { ...machine, trashed };
}
