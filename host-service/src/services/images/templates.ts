import { randomUUID } from 'node:crypto';
import { imageId, type Job, LimenError, type Machine, type MachineId } from '@limen/contract';
import type { DiskFile, DiskTool } from '../../ports/disk-tool.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { DefinedFiles, MachineEditor } from '../../ports/machine-editor.ts';
import type { Presets } from '../../ports/presets.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { cleaningOffer, readOsRelease, refusal } from '../lifecycle/offers.ts';
import { requireMachine } from '../machine-access.ts';
import { requireOff, type TemplateArgs, templateJob, type TemplateJobDependencies } from './template-job.ts';

export interface TemplateRequest {
  readonly machineId: MachineId;
  readonly name: string;
  readonly generalise: boolean;
  readonly shared: boolean;
}

export interface TemplatesDependencies extends TemplateJobDependencies {
  readonly disks: Pick<DiskTool, 'info'>;
  readonly editor: Pick<MachineEditor, 'files' | 'bootNeeds' | 'offers'>;
  readonly inventory: Pick<Inventory, 'find'>;
  readonly jobs: Pick<Jobs, 'enqueue' | 'register'>;
  readonly presets: Pick<Presets, 'list'>;
}

/** Templates made from machines. */
export class Templates {
  readonly #deps: TemplatesDependencies;

  /** Registers its job: make it before the jobs start. */
  constructor(deps: TemplatesDependencies) {
    this.#deps = deps;
    deps.jobs.register(templateJob(deps));
  }

  /**
   * Begin to make one; it belongs to who asks. Rejects with `CONFLICT` (`wrong-state` unless the machine is off, `busy`),
   * and `UNSUPPORTED` when its disk is no file we copy or the host cannot generalise its system.
   */
  async create(principal: Principal, request: TemplateRequest): Promise<Job> {
    const { editor, inventory, jobs } = this.#deps;
    const machine = requireMachine(inventory, request.machineId);
    requireOff(machine.state);
    if (request.generalise) await this.#requireCleaning(machine);
    const [files, needs] = await Promise.all([editor.files(machine.id), editor.bootNeeds(machine.id)]);
    const disk = systemDisk(machine, files);
    const id = imageId.parse(randomUUID());
    const { userId, username } = principal;
    const args: TemplateArgs = {
      imageId: id,
      receivedPath: this.#deps.received.pathOf(id),
      name: request.name,
      kind: 'template',
      presetId: machine.presetId,
      hardware: needs,
      shared: request.shared,
      ownerId: userId,
      origin: 'template',
      sourceUrl: null,
      expected: null,
      machineId: machine.id,
      disk,
      virtualBytes: await this.#virtualBytes(disk),
      nvramPath: files.nvramPath,
      generalise: request.generalise,
    };
    return jobs.enqueue({
      kind: 'image.template',
      args,
      subject: { name: request.name, machineId: machine.id, imageId: id },
      createdBy: { userId, username },
      // What copies or moves the disks of a machine goes one after the other.
      dedupeKey: `machine ${machine.id}`,
    });
  }

  async #requireCleaning({ presetId }: Machine): Promise<void> {
    const { cleaner, presets } = this.#deps;
    const family = presets.list.find(({ id }) => id === presetId)?.family;
    if (family === 'windows') throw refusal('generalising Windows, which has sysprep for it', []);
    const { available, packages } = cleaningOffer(await cleaner.isInstalled(), await readOsRelease());
    if (!available) throw refusal('generalising templates', packages);
  }

  async #virtualBytes({ path }: DiskFile): Promise<number> {
    const info = await this.#deps.disks.info(path);
    if (info === null) throw new LimenError('NOT_FOUND', { kind: 'disk', id: path });
    return info.virtualBytes;
  }
}

/** The disk it boots from. Throws `UNSUPPORTED` for one that is no file of a format we copy. */
function systemDisk(machine: Machine, { disks }: DefinedFiles): DiskFile {
  const rank = ({ target }: { readonly target: string }): number =>
    machine.disks.find((disk) => disk.target === target)?.bootOrder ?? Number.MAX_SAFE_INTEGER;
  const [disk] = disks
    .filter(({ device }) => device === 'disk' || device === 'lun')
    .toSorted((one, other) => rank(one) - rank(other));
  if (disk === undefined) throw refusal('a template of a machine without disk', []);
  const { path, format, target } = disk;
  if (path === null || (format !== 'qcow2' && format !== 'raw')) {
    throw refusal(`copying the disk ${target}`, []);
  }
  return { path, format };
}
