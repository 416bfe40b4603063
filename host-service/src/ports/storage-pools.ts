import type { PoolId, PoolSource, PoolState, PoolTypeSupport } from '@limen/contract';
import type { Unsubscribe } from './hypervisor.ts';

/** A pool as libvirt alone knows it. Sizes in bytes, 0 while it does not run. */
export interface PoolReading {
  readonly id: PoolId;
  readonly name: string;
  readonly type: string;
  readonly state: PoolState;
  readonly autostart: boolean;
  readonly persistent: boolean;
  readonly path: string | null;
  readonly source: string | null;
  readonly capacityBytes: number;
  readonly allocatedBytes: number;
  readonly availableBytes: number;
}

export interface NewPool {
  readonly id: PoolId;
  readonly name: string;
  readonly source: PoolSource;
}

/**
 * libvirt's storage pools. Methods reject as the hypervisor's do, with `NOT_FOUND` (`pool`) for one that is not there.
 */
export interface StoragePools {
  types(): Promise<PoolTypeSupport[]>;
  /** All of them, by name. */
  list(): Promise<PoolReading[]>;
  read(poolId: PoolId): Promise<PoolReading>;
  /** Told after every event of libvirt's that may have changed what {@link list} gives. */
  onChanged(listener: (poolId: PoolId) => void): Unsubscribe;
  /** Rejects with `CONFLICT` (`name-taken`). */
  define(pool: NewPool): Promise<void>;
  /** Make what its source needs on the host: a folder. Nothing is formatted. */
  build(poolId: PoolId): Promise<void>;
  /** Start it unless it runs. */
  start(poolId: PoolId): Promise<void>;
  /** Stop it if it runs; what lies in it stays. */
  stop(poolId: PoolId): Promise<void>;
  setAutostart(poolId: PoolId, autostart: boolean): Promise<void>;
  /** Have libvirt look at what lies in it. */
  refresh(poolId: PoolId): Promise<void>;
  /** Remove its folder if it is empty. */
  removeFolder(poolId: PoolId): Promise<void>;
  /** Forget a pool that does not run. No such pool is fine. */
  undefine(poolId: PoolId): Promise<void>;
}
