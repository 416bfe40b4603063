import {
  type JobId,
  LimenError,
  type PoolId,
  type StoragePool,
  type StorageVolume,
  type VolumeUser,
} from '@limen/contract';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { PoolReading, StoragePools } from '../../ports/storage-pools.ts';
import type { StorageVolumes, VolumeName, VolumeReading } from '../../ports/storage-volumes.ts';
import { Coalescer } from '../inventory/coalescer.ts';
import type { VolumeUsers } from './volume-users.ts';

export interface StockDependencies {
  readonly pools: Pick<StoragePools, 'list'>;
  readonly volumes: Pick<StorageVolumes, 'list'>;
  readonly storage: Pick<MachineStorage, 'directory' | 'imagesDirectory'>;
  readonly users: VolumeUsers;
}

/** Everything at one moment. */
export interface Stock {
  readonly pools: readonly StoragePool[];
  readonly volumes: ReadonlyMap<PoolId, readonly StorageVolume[]>;
}

/** Kinds whose storage other hosts can have too. */
const SHARED = ['netfs', 'iscsi', 'iscsi-direct', 'rbd', 'gluster', 'scsi', 'mpath'];

/** The pools with all that lies in them, read as one: who uses a volume may be told by any other. */
export class StockReader {
  readonly #deps: StockDependencies;
  readonly #reads: Coalescer<'all', Stock>;

  constructor(deps: StockDependencies) {
    this.#deps = deps;
    this.#reads = new Coalescer(() => this.#read(), 1);
  }

  /** Of several who ask at once, one reads. Rejects when libvirt or the database is away. */
  read(): Promise<Stock> {
    return this.#reads.run('all');
  }

  /** Rejects with `NOT_FOUND`. */
  async pool(poolId: PoolId): Promise<StoragePool> {
    return requirePool(await this.read(), poolId);
  }

  /**
   * Who needs a volume now. Read on its own, not shared with somebody who asked before: it is to be changed.
   * Rejects with `NOT_FOUND`.
   */
  async users(name: VolumeName, except?: JobId): Promise<{ volume: VolumeReading; users: VolumeUser[] }> {
    const stocked = await this.#stocked();
    const index = await this.#deps.users.index(stocked, except);
    const pool = stocked.find(({ reading }) => reading.id === name.poolId);
    if (pool === undefined) throw poolNotFound(name.poolId);
    const volume = pool.volumes.find((each) => each.name === name.name);
    if (volume === undefined) throw new LimenError('NOT_FOUND', { kind: 'volume', id: name.name });
    return { volume, users: await index.of(pool.name, volume) };
  }

  isOwn({ path }: Pick<PoolReading, 'path'>): boolean {
    const { directory, imagesDirectory } = this.#deps.storage;
    return path === directory || path === imagesDirectory;
  }

  async #stocked() {
    const readings = await this.#deps.pools.list();
    return Promise.all(
      readings.map(async (reading) => ({
        reading,
        name: reading.name,
        volumes: reading.state === 'inactive' ? [] : await this.#volumesOf(reading.id),
      })),
    );
  }

  async #volumesOf(poolId: PoolId): Promise<VolumeReading[]> {
    try {
      return await this.#deps.volumes.list(poolId);
    } catch (error) {
      if (LimenError.is(error, 'NOT_FOUND')) return [];
      throw error;
    }
  }

  async #read(): Promise<Stock> {
    const stocked = await this.#stocked();
    const index = await this.#deps.users.index(stocked);
    const volumes = new Map<PoolId, StorageVolume[]>();
    for (const { reading, name, volumes: readings } of stocked) {
      const described = await Promise.all(
        readings.map(async (volume) => describeVolume(volume, await index.of(name, volume))),
      );
      volumes.set(reading.id, described);
    }
    const pools = stocked.map(({ reading }) =>
      describePool(reading, this.isOwn(reading), volumes.get(reading.id) ?? []),
    );
    return { pools, volumes };
  }
}

/** Throws `NOT_FOUND`. */
export function requirePool({ pools }: Stock, poolId: PoolId): StoragePool {
  const pool = pools.find(({ id }) => id === poolId);
  if (pool === undefined) throw poolNotFound(poolId);
  return pool;
}

function poolNotFound(poolId: PoolId): LimenError<'NOT_FOUND'> {
  return new LimenError('NOT_FOUND', { kind: 'pool', id: poolId });
}

function describePool(reading: PoolReading, own: boolean, volumes: readonly StorageVolume[]): StoragePool {
  const runs = reading.state !== 'inactive';
  return {
    ...reading,
    shared: SHARED.includes(reading.type),
    own,
    promisedBytes: runs ? volumes.reduce((sum, { capacityBytes }) => sum + capacityBytes, 0) : null,
    volumeCount: runs ? volumes.length : null,
    orphanCount: runs ? volumes.filter(({ orphan }) => orphan).length : null,
  };
}

function describeVolume(
  { key: _key, physicalBytes: _physical, ...volume }: VolumeReading,
  usedBy: VolumeUser[],
): StorageVolume {
  // Folders are the pool's structure, not somebody's data.
  const isData = volume.type !== 'dir' && volume.type !== 'netdir';
  return { ...volume, usedBy, orphan: isData && usedBy.length === 0 };
}
