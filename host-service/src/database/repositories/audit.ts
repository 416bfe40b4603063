import type { HostId } from '@limen/contract';
import type { Audit, AuditEntry } from '../../ports/audit.ts';
import type { Database } from '../database.ts';

export class AuditRepository implements Audit {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  async record(entry: AuditEntry): Promise<void> {
    await this.#database.run((db) =>
      db
        .insertInto('audit_log')
        .values({
          at: entry.at,
          host_id: this.#hostId,
          request_id: entry.requestId,
          procedure: entry.procedure,
          user_id: entry.actor?.userId ?? null,
          username: entry.actor?.username ?? null,
          session_id: entry.actor?.sessionId ?? null,
          address: entry.address,
          target_kind: entry.target?.kind ?? null,
          target_id: entry.target?.id ?? null,
          outcome: entry.outcome,
          detail: JSON.stringify(entry.detail),
        })
        .execute(),
    );
  }

  /** Delete this host's entries older than `before`; returns how many. */
  async prune(before: Date): Promise<number> {
    const result = await this.#database.run((db) =>
      db
        .deleteFrom('audit_log')
        .where('at', '<', before)
        .where('host_id', '=', this.#hostId)
        .executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }
}
