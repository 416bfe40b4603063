import type { PoolId, PoolUsage } from '@limen/contract';

/** How full a pool was at one moment, in bytes. */
export interface PoolSample {
  readonly poolId: PoolId;
  readonly allocatedBytes: number;
  readonly capacityBytes: number;
}

/** How full this host's pools were. Implemented in `database/`. */
export interface PoolHistory {
  /** As of now. */
  record(samples: readonly PoolSample[]): Promise<void>;
  /** Oldest first; of more than `atMost` moments so many, evenly spread, the fullest of each stretch. */
  read(poolId: PoolId, since: Date, atMost: number): Promise<PoolUsage[]>;
  /** Forget what was recorded before; returns how many. */
  prune(before: Date): Promise<number>;
}
