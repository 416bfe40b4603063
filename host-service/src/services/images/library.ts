import { type Image, type ImageId, type ImagesEvent, LimenError, type MachineId } from '@limen/contract';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { ImageFiles } from '../../ports/image-files.ts';
import type { ImageChange, ImageStore, StoredImage } from '../../ports/images.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Presets } from '../../ports/presets.ts';
import type { Principal } from '../../ports/principal.ts';
import { Coalescer } from '../inventory/coalescer.ts';
import type { ImageHolds } from '../image-holds.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { Pulse } from '../pulse.ts';
import { mayOnMachine } from '../visibility.ts';
import { ImageShelf, type ShelvedImage, type View } from './image-shelf.ts';
import { ImageUses } from './image-uses.ts';
import { type ScanResult, scanForImages } from './scan.ts';

export interface ImageLibraryDependencies {
  readonly store: ImageStore;
  readonly files: ImageFiles;
  readonly holds: ImageHolds;
  readonly presets: Presets;
  readonly inventory: Pick<Inventory, 'status' | 'machines' | 'find' | 'onChanged'>;
  readonly logger: Logger;
  /** Look again at entries and files this often: others write both. Ms. */
  readonly reconcileMs?: number;
  /** After a read that failed. Ms. */
  readonly retryMs?: number;
}

/** Reading the headers of disks must not get in the way of machines' own I/O. */
const CONCURRENT_READS = 2;

/** The images of this host: who may see, change and delete which, and what stands in the way. */
export class ImageLibrary {
  readonly presets: Presets;
  readonly #deps: ImageLibraryDependencies;
  readonly #shelf = new ImageShelf();
  readonly #uses: ImageUses;
  readonly #reads: Coalescer<MachineId, void>;
  readonly #loads: Coalescer<'all', void>;
  readonly #loadedPulse = new Pulse();
  #loaded = false;
  #closed = false;
  #unsubscribe: Unsubscribe = () => {};
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: ImageLibraryDependencies) {
    this.#deps = deps;
    this.presets = deps.presets;
    this.#uses = new ImageUses(deps.files);
    this.#reads = new Coalescer((machineId) => this.#readUses(machineId), CONCURRENT_READS);
    this.#loads = new Coalescer(() => this.#load(), 1);
  }

  /** Call before the hypervisor starts, so that no machine is missed. */
  start(): void {
    this.#unsubscribe = this.#deps.inventory.onChanged((machineId) => void this.#reads.run(machineId));
    this.#deps.files.prepare().catch((error: unknown) => {
      this.#deps.logger.warn({ err: error }, 'there is no place for images and disks');
    });
    void this.#keepLoading();
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  /** Read the entries again, after somebody else wrote some. Rejects with `DATABASE_UNAVAILABLE`. */
  reload(): Promise<void> {
    return this.#loads.run('all');
  }

  /** Throws `DATABASE_UNAVAILABLE` until the library has been read once. */
  list(principal: Principal): Image[] {
    this.#requireLoaded();
    return this.#shelf.list(this.#viewOf(principal));
  }

  /** The snapshot comes as soon as the library has been read once. */
  async *watch(principal: Principal, signal: AbortSignal): AsyncGenerator<ImagesEvent, void, void> {
    while (!this.#loaded && !signal.aborted) await this.#loadedPulse.next(signal);
    yield* this.#shelf.watch(this.#viewOf(principal), signal);
  }

  /** Rejects with `NOT_FOUND` (also for a preset), or `FORBIDDEN` on what is shared by somebody else. */
  async update(principal: Principal, imageId: ImageId, change: ImageChange): Promise<Image> {
    const image = this.#changeable(principal, imageId);
    if (typeof change.presetId === 'string') this.presets.get(change.presetId);
    const stored = await this.#deps.store.update(imageId, change);
    if (stored === null) throw imageNotFound(imageId);
    const changed = { ...stored, missing: image.missing };
    this.#shelf.put(changed);
    return this.#describe(principal, changed);
  }

  /**
   * Delete an entry, and its file if it is LIMEN's own. Rejects with `CONFLICT` (`in-use`, with the names the
   * principal may see) while a machine needs it or is being made of it, and with `HYPERVISOR_UNAVAILABLE` while
   * nobody can tell.
   */
  async delete(principal: Principal, imageId: ImageId): Promise<void> {
    const image = this.#changeable(principal, imageId);
    this.#requireInventory();
    await this.#deps.holds.whileDeleted(imageId, () => this.#delete(principal, image));
  }

  async #delete(principal: Principal, image: ShelvedImage): Promise<void> {
    const needing = await this.#whoNeeds(image);
    if (needing.length > 0) {
      const names = needing.flatMap(({ name, mayBeSeenBy }) => (mayBeSeenBy(principal) ? [name] : []));
      throw new LimenError('CONFLICT', { reason: 'in-use', names });
    }
    // The file first: an entry without one is shown as such, and can be deleted again.
    if (image.managed) await this.#deps.files.remove(image.path);
    await this.#deps.store.remove(image.id);
    this.#shelf.remove(image.id);
  }

  /** Enter what the configured directories hold. Rejects with `HYPERVISOR_UNAVAILABLE`: machines' disks lie there too. */
  async scan(principal: Principal): Promise<{ added: Image[]; refused: ScanResult['refused'] }> {
    this.#requireInventory();
    await this.reload();
    const { files, store, presets, inventory } = this.#deps;
    const disks = inventory.machines().flatMap((machine) => machine.disks);
    const known = new Set(this.#shelf.all().map(({ path }) => path));
    const { added, refused } = await scanForImages({ files, store, presets, disks, known });
    const shelved = added.map((image): ShelvedImage => ({ ...image, missing: false }));
    for (const image of shelved) this.#shelf.put(image);
    return { added: shelved.map((image) => this.#describe(principal, image)), refused };
  }

  /** A visible image that the principal may change. */
  #changeable(principal: Principal, imageId: ImageId): ShelvedImage {
    this.#requireLoaded();
    const image = this.#shelf.get(imageId);
    if (image === undefined || !maySee(principal, image)) throw imageNotFound(imageId);
    if (!isOwn(principal, image)) throw new LimenError('FORBIDDEN', { permission: 'administrator' });
    return image;
  }

  #viewOf(principal: Principal): View {
    return (image) => (maySee(principal, image) ? this.#describe(principal, image) : null);
  }

  #describe(principal: Principal, image: ShelvedImage): Image {
    const usedBy = this.#deps.inventory
      .machines()
      .filter((machine) => this.#uses.isUsedBy(image, machine))
      .filter((machine) => mayOnMachine(principal, 'machine:view', machine))
      .map(({ id, name }) => ({ machineId: id, name }));
    return { ...image, usedBy };
  }

  /** Read now, and also from disks whose machine is only being made, or was left behind. */
  async #whoNeeds(image: ShelvedImage): Promise<Needing[]> {
    // Jobs first: one that ends meanwhile has made a machine by then.
    const jobs = await this.#deps.store.waitedForBy(image.id);
    const needing = jobs.map((name): Needing => ({ name, mayBeSeenBy: isAdministrator }));
    for (const machine of this.#deps.inventory.machines()) {
      if (!(await this.#uses.isNeededBy(image, machine))) continue;
      const mayBeSeenBy = (principal: Principal) => mayOnMachine(principal, 'machine:view', machine);
      needing.push({ name: machine.name, mayBeSeenBy });
    }
    if (needing.length > 0) return needing;
    // Disks of machines were judged by what their definitions say of them.
    const judged = this.#deps.inventory.machines().flatMap(({ disks }) => disks.map(({ source }) => source));
    const disks = await this.#deps.files.ownDisksOn(image.path);
    return disks
      .filter((path) => !judged.includes(path))
      .map((name) => ({ name, mayBeSeenBy: isAdministrator }));
  }

  async #readUses(machineId: MachineId): Promise<void> {
    const machine = this.#deps.inventory.find(machineId);
    try {
      const paths = machine ? await this.#uses.refresh(machine) : this.#uses.forget(machineId);
      for (const image of this.#shelf.all()) {
        if (paths.has(image.path) || machine?.linkedTo === image.id) this.#shelf.touch(image.id);
      }
    } catch (error) {
      this.#deps.logger.warn({ machineId, err: error }, 'could not tell which images a machine uses');
    }
  }

  async #keepLoading(): Promise<void> {
    const { logger, reconcileMs = 60_000, retryMs = 2_000 } = this.#deps;
    await this.reload().catch((error: unknown) => {
      logger.warn({ err: error }, 'could not read the image library; keeping what was last known');
    });
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#keepLoading(), this.#loaded ? reconcileMs : retryMs).unref();
  }

  async #load(): Promise<void> {
    const stored = await this.#deps.store.all();
    const shelved = await Promise.all(stored.map((image) => this.#look(image)));
    const present = new Set(shelved.map(({ id }) => id));
    for (const image of shelved) this.#shelf.put(image);
    for (const { id } of this.#shelf.all()) if (!present.has(id)) this.#shelf.remove(id);
    this.#loaded = true;
    this.#loadedPulse.beat();
  }

  async #look(image: StoredImage): Promise<ShelvedImage> {
    const actualBytes = await this.#deps.files.actualBytes(image.path);
    return { ...image, actualBytes: actualBytes ?? image.actualBytes, missing: actualBytes === null };
  }

  #requireLoaded(): void {
    if (!this.#loaded) throw new LimenError('DATABASE_UNAVAILABLE', {});
  }

  #requireInventory(): void {
    const { state, detail } = this.#deps.inventory.status;
    if (state !== 'connected') throw new LimenError('HYPERVISOR_UNAVAILABLE', { detail: detail ?? state });
  }
}

interface Needing {
  readonly name: string;
  readonly mayBeSeenBy: (principal: Principal) => boolean;
}

function isAdministrator({ role }: Principal): boolean {
  return role === 'administrator';
}

function isOwn(principal: Principal, image: ShelvedImage): boolean {
  return principal.role === 'administrator' || image.owner?.id === principal.userId;
}

function maySee(principal: Principal, image: ShelvedImage): boolean {
  return image.shared || isOwn(principal, image);
}

function imageNotFound(imageId: ImageId): LimenError<'NOT_FOUND'> {
  return new LimenError('NOT_FOUND', { kind: 'image', id: imageId });
}
