import type { HostId, PoolId, PoolUsage } from '@limen/contract';
import { sql } from 'kysely';
import type { PoolHistory, PoolSample } from '../../ports/pool-history.ts';
import type { Database } from '../database.ts';

export class PoolHistoryRepository implements PoolHistory {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  async record(samples: readonly PoolSample[]): Promise<void> {
    if (samples.length === 0) return;
    await this.#database.run((db) =>
      db
        .insertInto('pool_usage')
        .values(
          samples.map(({ poolId, allocatedBytes, capacityBytes }) => ({
            host_id: this.#hostId,
            pool_id: poolId,
            allocated_bytes: allocatedBytes,
            capacity_bytes: capacityBytes,
          })),
        )
        .execute(),
    );
  }

  async read(poolId: PoolId, since: Date, atMost: number): Promise<PoolUsage[]> {
    const { rows } = await this.#database.run((db) =>
      sql<{ at: Date; allocated_bytes: number; capacity_bytes: number }>`
        select max(at) as at, max(allocated_bytes) as allocated_bytes, max(capacity_bytes) as capacity_bytes
        from (
          select *, ntile(${atMost}) over (order by at) as stretch
          from pool_usage
          where host_id = ${this.#hostId} and pool_id = ${poolId} and at >= ${since}
        ) as samples
        group by stretch
        order by at`.execute(db),
    );
    return rows.map((row) => ({
      at: row.at.toISOString(),
      allocatedBytes: row.allocated_bytes,
      capacityBytes: row.capacity_bytes,
    }));
  }

  async prune(before: Date): Promise<number> {
    const result = await this.#database.run((db) =>
      db
        .deleteFrom('pool_usage')
        .where('host_id', '=', this.#hostId)
        .where('at', '<', before)
        .executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }
}
