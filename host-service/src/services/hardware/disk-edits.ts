import { normalize } from 'node:path';
import { type HardwareDisk, type HardwareEdit, type ImageId, LimenError } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { ImageSources } from '../../ports/image-sources.ts';
import type { ChangeOutcome, MachineHardware } from '../../ports/machine-hardware.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Principal } from '../../ports/principal.ts';
import type { DiskUsers } from '../lifecycle/disk-users.ts';
import type { SourcePlanner } from '../lifecycle/source-planner.ts';
import { invalid } from '../lifecycle/creation.ts';
import { type EditContext, wrongState } from './edit-context.ts';
import type { Growth } from './growth.ts';
import type { NewDisks } from './new-disks.ts';

export interface DiskEditsDependencies {
  readonly disks: Pick<DiskTool, 'grow' | 'info'>;
  readonly editor: Pick<MachineEditor, 'files'>;
  readonly growth: Growth;
  readonly hardware: MachineHardware;
  readonly images: Pick<ImageSources, 'usable'>;
  readonly newDisks: NewDisks;
  readonly sources: Pick<SourcePlanner, 'existing'>;
  readonly storage: Pick<MachineStorage, 'isOwn' | 'remove' | 'takesDirectIo'>;
  readonly users: DiskUsers;
}

type Edit<T extends HardwareEdit['type']> = Extract<HardwareEdit, { readonly type: T }>;

/** Buses disks are unplugged from while a machine runs; see the hypervisor's side. */
const HOTPLUGGED = ['virtio', 'scsi', 'usb'];

/** Edits of disks and drives: what they need of images, files and quotas around the change of the definition. */
export class DiskEdits {
  readonly #deps: DiskEditsDependencies;

  constructor(deps: DiskEditsDependencies) {
    this.#deps = deps;
  }

  async add(context: EditContext, { source, bus, cache, discard }: Edit<'add-disk'>): Promise<ChangeOutcome> {
    const { growth, hardware, newDisks, sources } = this.#deps;
    const { principal, machine, live } = context;
    await this.#checkCache(cache, null);
    const plug = (path: string, format: 'qcow2' | 'raw'): Promise<ChangeOutcome> =>
      hardware.change(machine.id, { type: 'add-disk', path, format, bus, cache, discard }, live);
    switch (source.type) {
      case 'new': {
        const { sizeBytes } = source;
        return growth.during(machine, { diskBytes: sizeBytes }, () =>
          newDisks.withNew(machine, sizeBytes, (path) => plug(path, 'qcow2')),
        );
      }
      case 'attach': {
        const { existing, virtualBytes } = await sources.existing(principal, normalize(source.path));
        if (existing === null) throw new LimenError('NOT_FOUND', { kind: 'disk', id: source.path });
        return growth.during(machine, { diskBytes: virtualBytes }, () =>
          plug(existing.path, existing.format),
        );
      }
    }
  }

  async addDrive(context: EditContext, { bus, imageId }: Edit<'add-drive'>): Promise<ChangeOutcome> {
    const path = await this.#medium(context.principal, imageId);
    return this.#change(context, { type: 'add-drive', bus, path });
  }

  async changeMedia(context: EditContext, { target, imageId }: Edit<'change-media'>): Promise<ChangeOutcome> {
    const path = await this.#medium(context.principal, imageId);
    return this.#change(context, { type: 'change-media', target, path });
  }

  async update(context: EditContext, edit: Edit<'update-disk'>): Promise<ChangeOutcome> {
    await this.#checkCache(edit.cache, requireDisk(context, edit.target).source);
    return this.#change(context, edit);
  }

  /** A disk is one file for all definitions: it grows now or not at all. */
  async grow(context: EditContext, { target, sizeBytes }: Edit<'grow-disk'>): Promise<ChangeOutcome> {
    const { disks, growth, hardware } = this.#deps;
    const { machine, present, live } = context;
    const running = present.liveSet?.disks.find((disk) => disk.target === target);
    const disk = running ?? requireDisk(context, target);
    const { source, format } = disk;
    const capacity = disk.capacityBytes ?? (await this.#capacityOf(disk));
    if (disk.device !== 'disk' || source === null) throw invalid(['target'], 'is no disk');
    if (capacity === null) throw invalid(['target'], 'its size cannot be told');
    if (sizeBytes < capacity)
      throw invalid(['sizeBytes'], `it has ${capacity} bytes already, and never shrinks`);
    const increase = { diskBytes: sizeBytes - capacity };
    if (running !== undefined) {
      if (!live) throw wrongState(machine);
      await growth.during(machine, increase, () => hardware.growLiveDisk(machine.id, target, sizeBytes));
      return 'applied';
    }
    // Saved memory remembers the size.
    if (machine.state !== 'off' && present.liveSet === null) throw wrongState(machine);
    if ((format !== 'qcow2' && format !== 'raw') || !source.startsWith('/')) {
      throw invalid(['target'], 'only qcow2 and raw files can grow while the machine is off');
    }
    await growth.during(machine, increase, () => disks.grow({ path: source, format }, sizeBytes));
    return 'applied';
  }

  async remove(context: EditContext, { target, deleteFile }: Edit<'remove-disk'>): Promise<ChangeOutcome> {
    const file = deleteFile ? await this.#deletable(context, target) : null;
    const outcome = await this.#change(context, { type: 'remove-disk', target });
    if (file !== null && outcome === 'applied') await this.#deps.storage.remove(file);
    return outcome;
  }

  /**
   * The disk's file, if it is LIMEN's own; null leaves it. Rejects with `CONFLICT`: `in-use` for what others need,
   * `wrong-state` while QEMU, or saved memory, would go on using it.
   */
  async #deletable({ machine, present, live }: EditContext, target: string): Promise<string | null> {
    const { editor, storage, users } = this.#deps;
    const all = [...present.storedSet.disks, ...(present.liveSet?.disks ?? [])];
    const disk = all.find((each) => each.target === target);
    const path = disk?.source ?? null;
    if (disk?.device !== 'disk' || path === null || !(await storage.isOwn(path))) return null;
    const running = present.liveSet?.disks.find((each) => each.source === path);
    if (running !== undefined && (!live || !HOTPLUGGED.includes(running.bus))) throw wrongState(machine);
    if (machine.state === 'saved') throw wrongState(machine);
    const [{ hasSnapshots }, others] = await Promise.all([
      editor.files(machine.id),
      users.others(machine.id),
    ]);
    const names = [...(others.get(path) ?? []), ...(hasSnapshots ? [`snapshots of ${machine.name}`] : [])];
    if (all.some((each) => each.source === path && each.target !== target)) names.push(machine.name);
    if (names.length > 0) throw new LimenError('CONFLICT', { reason: 'in-use', names });
    return path;
  }

  async #medium(principal: Principal, imageId: ImageId | null): Promise<string | null> {
    if (imageId === null) return null;
    const image = await this.#deps.images.usable(principal, imageId);
    if (image.kind !== 'iso') throw invalid(['imageId'], 'must be of kind iso');
    return image.path;
  }

  /** QEMU does not start with a cache mode that the file system has no means for. */
  async #checkCache(cache: HardwareDisk['cache'] | undefined, path: string | null): Promise<void> {
    if (cache !== 'none' && cache !== 'directsync') return;
    const { storage } = this.#deps;
    if (path !== null && !(await storage.isOwn(path))) return;
    if (await storage.takesDirectIo()) return;
    throw new LimenError('UNSUPPORTED', { feature: `cache mode ${cache} on this file system`, packages: [] });
  }

  async #capacityOf({ source }: HardwareDisk): Promise<number | null> {
    if (source?.startsWith('/') !== true) return null;
    return (await this.#deps.disks.info(source))?.virtualBytes ?? null;
  }

  #change(
    { machine, live }: EditContext,
    change: Parameters<MachineHardware['change']>[1],
  ): Promise<ChangeOutcome> {
    return this.#deps.hardware.change(machine.id, change, live);
  }
}

function requireDisk({ present }: EditContext, target: string): HardwareDisk {
  const disk = present.storedSet.disks.find((each) => each.target === target);
  if (disk === undefined) throw new LimenError('NOT_FOUND', { kind: 'disk', id: target });
  return disk;
}
