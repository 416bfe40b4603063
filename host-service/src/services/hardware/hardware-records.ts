import type { Hardware, HardwareDisk, HardwareSet, MachineId } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { ImageSources } from '../../ports/image-sources.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HardwareReading } from '../../ports/machine-hardware.ts';

export interface HardwareRecordsDependencies {
  readonly images: Pick<ImageSources, 'paths'>;
  readonly disks: Pick<DiskTool, 'info'>;
  readonly undoable: (machineId: MachineId) => Promise<boolean>;
  readonly logger: Logger;
}

type ImagesByPath = ReadonlyMap<string, HardwareDisk['imageId']>;

/** Makes records of readings: adds what libvirt does not know. */
export class HardwareRecords {
  readonly #deps: HardwareRecordsDependencies;

  constructor(deps: HardwareRecordsDependencies) {
    this.#deps = deps;
  }

  async describe(machineId: MachineId, reading: HardwareReading): Promise<Hardware> {
    const [images, undoable] = await Promise.all([this.#imagesByPath(), this.#undoable(machineId)]);
    const { revision, storedSet, liveSet } = reading;
    return {
      machineId,
      revision,
      stored: await this.#complete(storedSet, images),
      live: liveSet && (await this.#complete(liveSet, images)),
      undoable,
    };
  }

  async #complete(set: HardwareSet, images: ImagesByPath): Promise<HardwareSet> {
    return { ...set, disks: await Promise.all(set.disks.map((disk) => this.#completeDisk(disk, images))) };
  }

  /** libvirt tells sizes of what runs; of a disk for the next start its own header does. */
  async #completeDisk(disk: HardwareDisk, images: ImagesByPath): Promise<HardwareDisk> {
    const { source, capacityBytes } = disk;
    if (source === null) return disk;
    const known = { ...disk, imageId: images.get(source) ?? null };
    if (capacityBytes !== null || !source.startsWith('/')) return known;
    const info = await this.#deps.disks.info(source).catch(() => null);
    if (info === null) return known;
    return { ...known, capacityBytes: info.virtualBytes, allocatedBytes: info.actualBytes };
  }

  /** The hardware is libvirt's: it is shown whether the database answers or not. */
  async #imagesByPath(): Promise<ImagesByPath> {
    try {
      return new Map((await this.#deps.images.paths()).map(({ path, id }) => [path, id]));
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'could not tell which disks are images of the library');
      return new Map();
    }
  }

  #undoable(machineId: MachineId): Promise<boolean> {
    return this.#deps.undoable(machineId).catch(() => false);
  }
}
