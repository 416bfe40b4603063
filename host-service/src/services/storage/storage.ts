import {
  type Job,
  LimenError,
  type PoolId,
  type PoolTypeSupport,
  type PoolUsage,
  type PoolVolumes,
  type StoragePool,
  type StorageVolume,
} from '@limen/contract';
import type { HostPaths } from '../../ports/host-paths.ts';
import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { JobClaims } from '../../ports/job-claims.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PoolHistory } from '../../ports/pool-history.ts';
import type { Principal } from '../../ports/principal.ts';
import type { ReceivedFiles } from '../../ports/received-files.ts';
import type { StoragePools } from '../../ports/storage-pools.ts';
import type { StorageReferences, StorageVolumes, VolumeName } from '../../ports/storage-volumes.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { LifecyclePorts } from '../lifecycle/lifecycle.ts';
import { NewVolumes } from './new-volume.ts';
import { PoolChanges, type PoolWish } from './pool-changes.ts';
import { PoolRecorder } from './pool-recorder.ts';
import { requirePool, type Stock, StockReader } from './stock.ts';
import { watchStorage } from './storage-watch.ts';
import { uploadVolumeJob } from './upload-volume-job.ts';
import { type CloneWish, type NewVolumeWish, VolumeChanges } from './volume-changes.ts';
import { cloneVolumeJob, createVolumeJob, wipeVolumeJob } from './volume-jobs.ts';
import { VolumeUsers } from './volume-users.ts';

export interface StoragePorts {
  readonly pools: StoragePools;
  readonly volumes: StorageVolumes;
  readonly references: StorageReferences;
  readonly claims: JobClaims;
  readonly history: PoolHistory;
  readonly paths: HostPaths;
  /** LIMEN's own folders, which never become a pool of somebody's. */
  readonly ownFolders: readonly string[];
}

export interface StorageDependencies
  extends StoragePorts,
    Pick<LifecyclePorts, 'disks' | 'images' | 'storage'> {
  readonly hypervisor: Pick<Hypervisor, 'status' | 'onStatus'>;
  readonly inventory: Pick<Inventory, 'find' | 'onChanged'>;
  readonly jobs: Jobs;
  readonly received: ReceivedFiles;
  readonly logger: Logger;
}

/** Kinds that others write to without libvirt, LIMEN's own folders among them; looking at them costs little. */
const FOLDERS = ['dir', 'fs', 'netfs'];
const DAY_MS = 24 * 60 * 60_000;
/** A chart has no room for more. */
const MOMENTS = 240;

/** The host's storage pools and their volumes. Only administrators get here. */
export class StorageService {
  readonly #deps: StorageDependencies;
  readonly #stock: StockReader;
  readonly #pools: PoolChanges;
  readonly #volumes: VolumeChanges;
  readonly #recorder: PoolRecorder;
  readonly #changeListeners = new Set<() => void>();

  constructor(deps: StorageDependencies) {
    this.#deps = deps;
    const stock = new StockReader({ ...deps, users: new VolumeUsers(deps) });
    this.#stock = stock;
    this.#pools = new PoolChanges({ ...deps, stock });
    this.#volumes = new VolumeChanges({ ...deps, stock });
    this.#recorder = new PoolRecorder(deps);
    const jobDeps = { ...deps, stock, news: new NewVolumes(deps), onChanged: () => this.#announce() };
    deps.jobs.register(createVolumeJob(jobDeps));
    deps.jobs.register(cloneVolumeJob(jobDeps));
    deps.jobs.register(wipeVolumeJob(jobDeps));
    deps.jobs.register(
      uploadVolumeJob({
        ...jobDeps,
        requireTarget: (poolId, format) => this.#volumes.requireTarget(poolId, format),
      }),
    );
  }

  start(): void {
    this.#recorder.start();
  }

  close(): void {
    this.#recorder.close();
  }

  poolTypes(): Promise<PoolTypeSupport[]> {
    return this.#deps.pools.types();
  }

  /** Rejects when libvirt or the database is away: who uses a volume is not known then. */
  async pools(): Promise<StoragePool[]> {
    return [...(await this.#stock.read()).pools];
  }

  watchPools(signal: AbortSignal): AsyncGenerator<StoragePool[], void, void> {
    return this.#watch(({ pools }) => [...pools], signal);
  }

  /** Rejects with `NOT_FOUND`. */
  async volumes(poolId: PoolId): Promise<PoolVolumes> {
    return volumesOf(await this.#stock.read(), poolId);
  }

  watchVolumes(poolId: PoolId, signal: AbortSignal): AsyncGenerator<PoolVolumes, void, void> {
    return this.#watch((stock) => volumesOf(stock, poolId), signal);
  }

  async orphans(): Promise<StorageVolume[]> {
    const { volumes } = await this.#stock.read();
    return [...volumes.values()].flat().filter(({ orphan }) => orphan);
  }

  history(poolId: PoolId, days: number): Promise<PoolUsage[]> {
    return this.#deps.history.read(poolId, new Date(Date.now() - days * DAY_MS), MOMENTS);
  }

  createPool(wish: PoolWish): Promise<StoragePool> {
    return this.#changing(async () => this.#stock.pool(await this.#pools.create(wish)));
  }

  startPool(poolId: PoolId): Promise<StoragePool> {
    return this.#changePool(poolId, () => this.#pools.start(poolId));
  }

  stopPool(poolId: PoolId): Promise<StoragePool> {
    return this.#changePool(poolId, () => this.#pools.stop(poolId));
  }

  refreshPool(poolId: PoolId): Promise<StoragePool> {
    return this.#changePool(poolId, () => this.#pools.refresh(poolId));
  }

  setPoolAutostart(poolId: PoolId, autostart: boolean): Promise<StoragePool> {
    return this.#changePool(poolId, () => this.#pools.setAutostart(poolId, autostart));
  }

  deletePool(poolId: PoolId, deleteVolumes: readonly string[] | undefined): Promise<void> {
    return this.#changing(() => this.#pools.delete(poolId, deleteVolumes));
  }

  /**
   * What is in a volume, as a stream. Rejects with `NOT_FOUND`, `CONFLICT` (`in-use`) while a machine that runs writes to
   * it, and `UNSUPPORTED` for volumes of the network, which libvirt hands nobody.
   */
  openVolume(
    name: VolumeName,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly stream: AsyncIterable<Uint8Array> }> {
    return this.#volumes.open(name, signal);
  }

  createVolume(principal: Principal, wish: NewVolumeWish): Promise<Job> {
    return this.#volumes.create(principal, wish);
  }

  cloneVolume(principal: Principal, wish: CloneWish): Promise<Job> {
    return this.#volumes.clone(principal, wish);
  }

  resizeVolume(name: VolumeName, capacityBytes: number, shrink: boolean): Promise<StorageVolume> {
    return this.#changing(() => this.#volumes.resize(name, capacityBytes, shrink));
  }

  wipeVolume(principal: Principal, name: VolumeName): Promise<Job> {
    return this.#volumes.wipe(principal, name);
  }

  deleteVolume(name: VolumeName): Promise<void> {
    return this.#changing(() => this.#volumes.delete(name));
  }

  #changePool(poolId: PoolId, work: () => Promise<void>): Promise<StoragePool> {
    return this.#changing(async () => {
      await work();
      return this.#stock.pool(poolId);
    });
  }

  /** Those who look are told, whatever came of it. */
  async #changing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#announce();
    }
  }

  #announce(): void {
    for (const listener of this.#changeListeners) listener();
  }

  #watch<T>(pick: (stock: Stock) => T, signal: AbortSignal): AsyncGenerator<T, void, void> {
    const { pools, hypervisor, inventory, jobs, logger } = this.#deps;
    return watchStorage(
      {
        read: async () => pick(await this.#stock.read()),
        onChanged: (listener) => {
          this.#changeListeners.add(listener);
          const subscriptions = [
            pools.onChanged(listener),
            hypervisor.onStatus(({ state }) => {
              if (state === 'connected') listener();
            }),
          ];
          return () => {
            this.#changeListeners.delete(listener);
            for (const unsubscribe of subscriptions) unsubscribe();
          };
        },
        onUsersChanged: (listener) => both(inventory.onChanged(listener), jobs.onEnded(listener)),
        refresh: () => this.#refreshFolders(),
        logger,
      },
      signal,
    );
  }

  /** Pools that are busy, or gone, are looked at another time. */
  async #refreshFolders(): Promise<void> {
    const { pools, logger } = this.#deps;
    try {
      for (const { id, type, state } of await pools.list()) {
        if (state !== 'running' || !FOLDERS.includes(type)) continue;
        await pools.refresh(id).catch((error: unknown) => {
          logger.debug({ poolId: id, err: error }, 'could not refresh a storage pool');
        });
      }
    } catch (error) {
      if (!LimenError.is(error, 'HYPERVISOR_UNAVAILABLE'))
        logger.warn({ err: error }, 'could not refresh the storage pools');
    }
  }
}

function volumesOf(stock: Stock, poolId: PoolId): PoolVolumes {
  return { pool: requirePool(stock, poolId), volumes: [...(stock.volumes.get(poolId) ?? [])] };
}

function both(first: Unsubscribe, second: Unsubscribe): Unsubscribe {
  return () => {
    first();
    second();
  };
}
