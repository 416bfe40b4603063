import { type JobId, machineId, type PoolId, type VolumeUser } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { HostPaths } from '../../ports/host-paths.ts';
import { variablesPath } from '../../ports/image-files.ts';
import type { ImageSources } from '../../ports/image-sources.ts';
import type { JobClaims } from '../../ports/job-claims.ts';
import type { StorageReferences, VolumeName, VolumeReading } from '../../ports/storage-volumes.ts';
import type { Inventory } from '../inventory/inventory.ts';

export interface VolumeUsersDependencies {
  readonly claims: JobClaims;
  readonly disks: Pick<DiskTool, 'chain'>;
  readonly images: Pick<ImageSources, 'paths'>;
  readonly inventory: Pick<Inventory, 'find'>;
  readonly paths: HostPaths;
  readonly references: StorageReferences;
}

/** A pool with what lies in it. */
export interface StockedPool {
  readonly name: string;
  readonly volumes: readonly VolumeReading[];
}

/** How a job's arguments name a volume it works on, whether or not that is there yet. */
export function volumeClaim({ poolId, name }: VolumeName): string {
  return `volume:${poolId}/${name}`;
}

/** Paths in a text that says more than one, such as an option of QEMU's command line. */
const PATHS = /\/[^\s,;:'"{}]+/g;

/**
 * Who needs which volume: machines (with their snapshots, the trash and the images under their disks), the library,
 * other volumes' headers, and unfinished jobs. Made anew for each question. Rejects when something cannot be asked:
 * what is not known to be free is not.
 */
export class VolumeUsers {
  readonly #deps: VolumeUsersDependencies;

  constructor(deps: VolumeUsersDependencies) {
    this.#deps = deps;
  }

  /** @param except a job that asks, and does not stand in its own way. */
  async index(pools: readonly StockedPool[], except?: JobId): Promise<UsageIndex> {
    const { claims, images, inventory, references, paths, disks } = this.#deps;
    const index = new UsageIndex(paths, disks);
    // Jobs first: what one makes is a machine's, or an image's, by the time it ends.
    for (const { jobId, name, words } of await claims.unfinished()) {
      if (jobId !== except) await index.note(words, userOf('job', name));
    }
    for (const definition of await references.all()) {
      const id = machineId.parse(definition.machineId);
      const trashed = inventory.find(id)?.trashed ?? null;
      const user: VolumeUser = {
        kind: 'machine',
        name: trashed?.name ?? definition.name,
        machineId: id,
        running: definition.running,
        trashed: trashed !== null,
      };
      await index.note([...definition.words], user);
      for (const { pool, volume } of definition.volumes) index.noteNamed(pool, volume, user);
      // Definitions that name a volume by its pool say nothing of the images under it.
      const named = pools.flatMap(({ name, volumes }) =>
        volumes.filter((each) =>
          definition.volumes.some(({ pool, volume }) => pool === name && volume === each.name),
        ),
      );
      await index.note(
        named.flatMap(({ path }) => path ?? []),
        user,
      );
    }
    for (const { name, path } of await images.paths()) {
      await index.note([path, variablesPath(path)], userOf('image', name));
    }
    for (const { volumes } of pools) {
      for (const { name, poolId, backingPath } of volumes) {
        if (backingPath !== null) await index.noteBacking(backingPath, userOf('volume', name), poolId);
      }
    }
    return index;
  }
}

function userOf(kind: 'job' | 'image' | 'volume', name: string): VolumeUser {
  return { kind, name, machineId: null, running: false, trashed: false };
}

interface Use {
  readonly user: VolumeUser;
  /** Of volumes that show through to another. */
  readonly poolId: PoolId | null;
}

/** Who needs what, as far as it was known at one moment. */
export class UsageIndex {
  readonly #paths: HostPaths;
  readonly #disks: Pick<DiskTool, 'chain'>;
  readonly #uses = new Map<string, Use[]>();
  readonly #chains = new Map<string, Promise<readonly string[]>>();

  constructor(paths: HostPaths, disks: Pick<DiskTool, 'chain'>) {
    this.#paths = paths;
    this.#disks = disks;
  }

  /** Somebody needs what these words name, and the images under that. */
  async note(words: readonly string[], user: VolumeUser): Promise<void> {
    for (const word of words) {
      this.#add(word, user);
      for (const path of word.match(PATHS) ?? []) {
        for (const needed of await this.#chainOf(path)) this.#add(needed, user);
      }
      if (word.startsWith('/')) for (const needed of await this.#chainOf(word)) this.#add(needed, user);
    }
  }

  noteNamed(pool: string, volume: string, user: VolumeUser): void {
    this.#add(named(pool, volume), user);
  }

  async noteBacking(path: string, user: VolumeUser, poolId: PoolId): Promise<void> {
    this.#add(await this.#paths.canonical(path), user, poolId);
    this.#add(path, user, poolId);
  }

  /** Everybody who needs a volume, each once, by kind and name. */
  async of(pool: string, volume: VolumeReading): Promise<VolumeUser[]> {
    const { path, key, name, poolId } = volume;
    const keys = new Set([named(pool, name), volumeClaim(volume)]);
    if (key !== null) keys.add(key);
    if (path !== null) for (const each of [path, await this.#paths.canonical(path)]) keys.add(each);
    const found = new Map<string, VolumeUser>();
    for (const each of keys) {
      for (const { user, poolId: from } of this.#uses.get(each) ?? []) {
        if (user.kind === 'volume' && user.name === name && from === poolId) continue;
        found.set(`${user.kind} ${user.machineId ?? user.name}`, user);
      }
    }
    return [...found.values()].toSorted(
      (a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }),
    );
  }

  #add(word: string, user: VolumeUser, poolId: PoolId | null = null): void {
    const uses = this.#uses.get(word);
    if (uses === undefined) this.#uses.set(word, [{ user, poolId }]);
    else uses.push({ user, poolId });
  }

  #chainOf(path: string): Promise<readonly string[]> {
    const known = this.#chains.get(path);
    if (known !== undefined) return known;
    const reading = this.#readChain(path);
    this.#chains.set(path, reading);
    return reading;
  }

  /** The file, and what its header says it shows through to. A raw disk's guest can only make that say too much. */
  async #readChain(path: string): Promise<readonly string[]> {
    const kind = await this.#paths.kind(path);
    const canonical = await this.#paths.canonical(path);
    if (kind !== 'file' && kind !== 'block') return [path, canonical];
    const chain = await this.#disks.chain({ path, format: 'qcow2' });
    return [path, ...(await Promise.all(chain.map((each) => this.#paths.canonical(each))))];
  }
}

function named(pool: string, volume: string): string {
  return `${pool}\0${volume}`;
}
