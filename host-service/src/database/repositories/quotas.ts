import { LimenError, type Quota, type QuotaLimits, type UserId, userId } from '@limen/contract';
import type { Kysely, Selectable } from 'kysely';
import type { Quotas } from '../../ports/reservations.ts';
import type { Database } from '../database.ts';
import type { QuotaTable, Schema } from '../schema.ts';

const UNLIMITED: QuotaLimits = { machines: null, vcpus: null, memoryBytes: null, diskBytes: null };

/** What holds for a user: the user's own limits, or else the default. Also used inside transactions. */
export async function limitsOf(db: Kysely<Schema>, user: UserId): Promise<QuotaLimits> {
  const rows = await db
    .selectFrom('quota')
    .selectAll()
    .where((where) => where.or([where('user_id', '=', user), where('user_id', 'is', null)]))
    .execute();
  const row = rows.find(({ user_id: id }) => id !== null) ?? rows[0];
  return row === undefined ? UNLIMITED : toLimits(row);
}

/** Bytes that somebody's images take, on all hosts of this database. Also used inside transactions. */
export async function imageBytesOf(db: Kysely<Schema>, user: UserId): Promise<number> {
  const row = await db
    .selectFrom('image')
    .select(({ fn }) => fn.sum('actual_bytes').as('bytes'))
    .where('user_id', '=', user)
    .executeTakeFirst();
  return Number(row?.bytes ?? 0);
}

export class QuotaRepository implements Quotas {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(user: UserId): Promise<Quota> {
    const { users } = await this.list();
    const found = users.find((quota) => quota.userId === user);
    if (found === undefined) throw new LimenError('NOT_FOUND', { kind: 'user', id: user });
    return found;
  }

  async list(): Promise<{ default: QuotaLimits; users: Quota[] }> {
    return this.#database.transaction(async (trx) => {
      const accounts = await trx
        .selectFrom('user_account')
        .select(['id', 'role'])
        .orderBy('username')
        .execute();
      const limits = await trx.selectFrom('quota').selectAll().execute();
      const allocations = await trx.selectFrom('allocation').selectAll().execute();
      const general = limits.find(({ user_id: id }) => id === null);
      const images = await trx.selectFrom('image').select(['user_id', 'actual_bytes']).execute();
      const users = accounts.map(({ id, role }) => {
        const own = limits.find(({ user_id: owner }) => owner === id) ?? general;
        const theirs = allocations.filter(({ user_id: owner }) => owner === id);
        const sum = (pick: (row: (typeof theirs)[number]) => number) =>
          theirs.reduce((total, row) => total + pick(row), 0);
        return {
          userId: userId.parse(id),
          limits: role === 'administrator' || own === undefined ? UNLIMITED : toLimits(own),
          used: {
            machines: theirs.length,
            vcpus: sum((row) => row.vcpus),
            memoryBytes: sum((row) => row.memory_bytes),
            diskBytes: images
              .filter(({ user_id: owner }) => owner === id)
              .reduce(
                (total, image) => total + image.actual_bytes,
                sum((row) => row.disk_bytes),
              ),
          },
        };
      });
      return { default: general === undefined ? UNLIMITED : toLimits(general), users };
    });
  }

  async set(user: UserId, limits: QuotaLimits | null): Promise<Quota> {
    await this.#database.transaction(async (trx) => {
      const account = await trx
        .selectFrom('user_account')
        .select('id')
        .where('id', '=', user)
        // Whoever reserves holds the same row: limits change before or after, never in between.
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (account === undefined) throw new LimenError('NOT_FOUND', { kind: 'user', id: user });
      await trx.deleteFrom('quota').where('user_id', '=', user).execute();
      if (limits !== null)
        await trx
          .insertInto('quota')
          .values({ user_id: user, ...toRow(limits) })
          .execute();
    });
    return this.of(user);
  }

  async setDefault(limits: QuotaLimits): Promise<QuotaLimits> {
    await this.#database.transaction(async (trx) => {
      const changed = await trx
        .updateTable('quota')
        .set(toRow(limits))
        .where('user_id', 'is', null)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) {
        await trx
          .insertInto('quota')
          .values({ user_id: null, ...toRow(limits) })
          .execute();
      }
    });
    return limits;
  }
}

type LimitColumns = Pick<Selectable<QuotaTable>, 'machines' | 'vcpus' | 'memory_bytes' | 'disk_bytes'>;

function toLimits(row: LimitColumns): QuotaLimits {
  const { machines, vcpus, memory_bytes: memoryBytes, disk_bytes: diskBytes } = row;
  return { machines, vcpus, memoryBytes, diskBytes };
}

function toRow({ machines, vcpus, memoryBytes, diskBytes }: QuotaLimits): LimitColumns {
  return { machines, vcpus, memory_bytes: memoryBytes, disk_bytes: diskBytes };
}
