import { type DiskMove, type Job, LimenError, type MachineId } from '@limen/contract';
import type { DiskFile, DiskTool } from '../../ports/disk-tool.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { DefinedFiles, MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { requireMachine } from '../machine-access.ts';
import { invalid } from './creation.ts';
import type { DiskMoveArgs } from './job-args.ts';
import { machineFile } from './machine-plan.ts';

export interface DiskMovesDependencies {
  readonly disks: Pick<DiskTool, 'contentBytes'>;
  readonly editor: Pick<MachineEditor, 'files' | 'poolFolder'>;
  readonly inventory: Pick<Inventory, 'find'>;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly storage: Pick<MachineStorage, 'allocatedBytes' | 'directory' | 'freeBytes'>;
}

/** Begins to move disks to other places, and to other formats. */
export class DiskMoves {
  readonly #deps: DiskMovesDependencies;

  constructor(deps: DiskMovesDependencies) {
    this.#deps = deps;
  }

  /**
   * Rejects with `NOT_FOUND` for the disk or the pool, `FORBIDDEN` when somebody but an administrator names a pool,
   * `INVALID_INPUT` for what is no disk in a file, `CONFLICT` (`wrong-state`: saved, or with snapshots, whose files hang
   * together; `busy`), `STORAGE_FULL`.
   */
  async move(
    principal: Principal,
    { machineId, ...wish }: DiskMove & { readonly machineId: MachineId },
  ): Promise<Job> {
    const { disks, editor, inventory, jobs, storage } = this.#deps;
    const machine = requireMachine(inventory, machineId);
    if (wish.pool !== null && principal.role !== 'administrator')
      throw new LimenError('FORBIDDEN', { permission: 'administrator' });
    const files = await editor.files(machineId);
    const from = diskFile(files, wish.target);
    if (files.hasSnapshots) throw wrongState('has-snapshots');
    // Saved memory goes on with the files it was saved with.
    if (machine.state === 'saved') throw wrongState(machine.state);
    const folder = wish.pool === null ? storage.directory : await editor.poolFolder(wish.pool);
    if ((await storage.freeBytes(folder)) < (await disks.contentBytes(from)))
      throw new LimenError('STORAGE_FULL', { path: folder });
    const ending = `${wish.target}.${wish.format === 'raw' ? 'img' : 'qcow2'}`;
    const path = await this.#free((count) =>
      machineFile(folder, machine.name, machineId, `.${count === 1 ? '' : `${count}.`}${ending}`),
    );
    const args: DiskMoveArgs = {
      machineId,
      name: machine.name,
      target: wish.target,
      from,
      to: { path, format: wish.format },
      bytesPerSecond: wish.bytesPerSecond,
    };
    const { userId, username } = principal;
    return jobs.enqueue({
      kind: 'disk.move',
      args,
      subject: { name: machine.name, machineId },
      createdBy: { userId, username },
      dedupeKey: `machine ${machineId}`,
    });
  }

  /** The first of the names that no file has. */
  async #free(nameOf: (count: number) => string): Promise<string> {
    for (let count = 1; ; count += 1) {
      const path = nameOf(count);
      if ((await this.#deps.storage.allocatedBytes(path)) === null) return path;
    }
  }
}

function diskFile({ disks }: DefinedFiles, target: string): DiskFile {
  const disk = disks.find((each) => each.target === target);
  if (disk === undefined) throw new LimenError('NOT_FOUND', { kind: 'disk', id: target });
  const { device, path, format } = disk;
  if (device !== 'disk' || path === null || (format !== 'qcow2' && format !== 'raw'))
    throw invalid(['target'], 'is no disk in a qcow2 or raw file');
  return { path, format };
}

function wrongState(state: string): LimenError<'CONFLICT'> {
  return new LimenError('CONFLICT', { reason: 'wrong-state', state });
}
