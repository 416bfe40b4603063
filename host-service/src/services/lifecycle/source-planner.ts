import { type ImageId, type ImageKind, LimenError, type NewMachine, type Preset } from '@limen/contract';
import type { DiskFormat, DiskTool } from '../../ports/disk-tool.ts';
import { variablesPath } from '../../ports/image-files.ts';
import type { ImageSources, SourceImage } from '../../ports/image-sources.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { DiskOrigin } from './job-args.ts';

/** What the media with drivers for Windows is called wherever it is published. */
const VIRTIO_DRIVERS = /^virtio-win/i;

/** Where the first disk comes from, looked up and checked. */
export interface PlannedSource {
  readonly disk: DiskOrigin;
  /** The file that is attached; null when the machine gets one of its own. */
  readonly existing: { readonly path: string; readonly format: DiskFormat } | null;
  readonly virtualBytes: number;
  /** Of that, what is not shared with the image. */
  readonly newBytes: number;
  readonly imageId: ImageId | null;
  /** ISOs to insert, the one to boot first. */
  readonly media: readonly string[];
  /** What the system on it needs to boot; nothing where that is not known, or there is none yet. */
  readonly hardware: NewMachine['hardware'];
  /** UEFI variables to begin with, if there are any at that path. */
  readonly variablesFrom: string | null;
}

export interface SourcePlannerDependencies {
  readonly images: ImageSources;
  readonly disks: Pick<DiskTool, 'info'>;
  readonly inventory: Pick<Inventory, 'machines'>;
  readonly storage: Pick<MachineStorage, 'allocatedBytes'>;
}

export class SourcePlanner {
  readonly #deps: SourcePlannerDependencies;

  constructor(deps: SourcePlannerDependencies) {
    this.#deps = deps;
  }

  /** Rejects with `NOT_FOUND`, `INVALID_INPUT` for an image of the wrong kind, and as {@link existing} does. */
  async plan(
    principal: Principal,
    { source, diskBytes }: NewMachine,
    preset: Preset,
  ): Promise<PlannedSource> {
    switch (source.type) {
      case 'empty':
        return { ...emptyDisk(diskBytes), imageId: null };
      case 'iso': {
        const image = await this.#image(principal, source.imageId, ['iso']);
        const drivers = preset.virtioDrivers
          ? await this.#deps.images.usableIso(principal, VIRTIO_DRIVERS)
          : null;
        const media = [image.path, ...(drivers === null ? [] : [drivers.path])];
        return { ...emptyDisk(diskBytes), imageId: image.id, media };
      }
      case 'cloud':
        return overlayOf(await this.#image(principal, source.imageId, ['disk', 'template']), diskBytes);
      case 'template': {
        const image = await this.#image(principal, source.imageId, ['disk', 'template']);
        return source.mode === 'linked' ? overlayOf(image, diskBytes) : copyOf(image, diskBytes);
      }
      case 'copy':
        return copyOf(await this.#image(principal, source.imageId, ['disk', 'template']), diskBytes);
      case 'attach':
        return this.existing(principal, source.path);
    }
  }

  /**
   * A path of the host may lead anywhere, so only administrators name one. Rejects with `FORBIDDEN`, `NOT_FOUND`,
   * `UNSUITABLE_IMAGE`, or `CONFLICT` (`in-use`) when a machine or an image has it.
   */
  async existing(principal: Principal, path: string): Promise<PlannedSource> {
    if (principal.role !== 'administrator')
      throw new LimenError('FORBIDDEN', { permission: 'administrator' });
    const { disks, inventory, images, storage } = this.#deps;
    const names = [
      ...inventory.machines().filter((machine) => machine.disks.some(({ source }) => source === path)),
      ...(await images.paths()).filter((image) => image.path === path),
    ].map(({ name }) => name);
    if (names.length > 0) throw new LimenError('CONFLICT', { reason: 'in-use', names });
    if ((await storage.allocatedBytes(path)) === null)
      throw new LimenError('NOT_FOUND', { kind: 'disk', id: path });
    const info = await disks.info(path);
    if (info === null || (info.format !== 'qcow2' && info.format !== 'raw')) {
      throw new LimenError('UNSUITABLE_IMAGE', { reason: 'unknown-format', detail: path });
    }
    return {
      disk: { type: 'attach' },
      existing: { path, format: info.format },
      virtualBytes: info.virtualBytes,
      newBytes: 0,
      imageId: null,
      ...nothingKnown,
    };
  }

  async #image(principal: Principal, id: ImageId, kinds: readonly ImageKind[]): Promise<SourceImage> {
    const image = await this.#deps.images.usable(principal, id);
    if (kinds.includes(image.kind)) return image;
    const message = `must be of kind ${kinds.join(' or ')}`;
    throw new LimenError('INVALID_INPUT', { issues: [{ path: ['source', 'imageId'], message }] });
  }
}

const nothingKnown = { media: [], hardware: {}, variablesFrom: null } as const;

function emptyDisk(virtualBytes: number): Omit<PlannedSource, 'imageId'> {
  return {
    disk: { type: 'empty', virtualBytes },
    existing: null,
    virtualBytes,
    newBytes: virtualBytes,
    ...nothingKnown,
  };
}

function overlayOf(image: SourceImage, diskBytes: number): PlannedSource {
  const { path, format } = image;
  const source = sourceOf(image, diskBytes);
  const disk = { type: 'overlay', base: { path, format }, virtualBytes: source.virtualBytes } as const;
  return { ...source, disk, newBytes: source.virtualBytes - image.virtualBytes };
}

function copyOf(image: SourceImage, diskBytes: number): PlannedSource {
  const { path, format } = image;
  const source = sourceOf(image, diskBytes);
  return { ...source, disk: { type: 'copy', from: { path, format }, virtualBytes: source.virtualBytes } };
}

/** Grown to the size that was asked for, where the image is smaller. */
function sourceOf(
  { id, path, virtualBytes, hardware }: SourceImage,
  diskBytes: number,
): Omit<PlannedSource, 'disk'> {
  return {
    existing: null,
    virtualBytes: Math.max(virtualBytes, diskBytes),
    newBytes: Math.max(virtualBytes, diskBytes),
    imageId: id,
    media: [],
    hardware: hardware ?? {},
    variablesFrom: hardware === null ? null : variablesPath(path),
  };
}
