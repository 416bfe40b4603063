import { type HostId, type MachineId, userId } from '@limen/contract';
import type { DefinitionHistory, KeptEntry, Replacer } from '../../ports/definition-history.ts';
import type { Database } from '../database.ts';

/** Of each machine. */
const KEPT = 20;

export class DefinitionHistoryRepository implements DefinitionHistory {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  keep(machineId: MachineId, xml: string, replacedBy: Replacer): Promise<void> {
    return this.#database.transaction(async (trx) => {
      const theirs = trx
        .selectFrom('definition_history')
        .where('host_id', '=', this.#hostId)
        .where('machine_id', '=', machineId)
        .orderBy('id', 'desc');
      const newest = await theirs.select('xml').limit(1).executeTakeFirst();
      if (newest?.xml === xml) return;
      await trx
        .insertInto('definition_history')
        .values({
          host_id: this.#hostId,
          machine_id: machineId,
          xml,
          replaced_by_id: replacedBy?.userId ?? null,
          replaced_by: replacedBy?.username ?? null,
        })
        .execute();
      const oldest = await theirs.select('id').offset(KEPT).limit(1).executeTakeFirst();
      if (oldest === undefined) return;
      await trx
        .deleteFrom('definition_history')
        .where('host_id', '=', this.#hostId)
        .where('machine_id', '=', machineId)
        .where('id', '<=', oldest.id)
        .execute();
    });
  }

  async list(machineId: MachineId): Promise<KeptEntry[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('definition_history')
        .selectAll()
        .where('host_id', '=', this.#hostId)
        .where('machine_id', '=', machineId)
        .orderBy('id', 'desc')
        .execute(),
    );
    return rows.map((row) => ({
      id: String(row.id),
      xml: row.xml,
      replacedAt: row.replaced_at.toISOString(),
      replacedBy: row.replaced_by,
      replacedById: row.replaced_by_id === null ? null : userId.parse(row.replaced_by_id),
    }));
  }

  async any(machineId: MachineId): Promise<boolean> {
    const row = await this.#database.run((db) =>
      db
        .selectFrom('definition_history')
        .select('id')
        .where('host_id', '=', this.#hostId)
        .where('machine_id', '=', machineId)
        .limit(1)
        .executeTakeFirst(),
    );
    return row !== undefined;
  }

  async forget(machineId: MachineId, id: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .deleteFrom('definition_history')
        .where('host_id', '=', this.#hostId)
        .where('machine_id', '=', machineId)
        .where('id', '=', Number(id))
        .execute(),
    );
  }

  async prune(before: Date): Promise<number> {
    const result = await this.#database.run((db) =>
      db
        .deleteFrom('definition_history')
        .where('host_id', '=', this.#hostId)
        .where('replaced_at', '<', before)
        .executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }
}
