import { LimenError, type Machine, type MachineId, machineId, type UserId, userId } from '@limen/contract';
import type { Ownership } from '../../ports/ownership.ts';
import type { Database } from '../database.ts';

type Owner = NonNullable<Machine['owner']>;

export class OwnershipRepository implements Ownership {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async all(): Promise<Map<MachineId, Owner>> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('machine_owner')
        .innerJoin('user_account', 'user_account.id', 'machine_owner.user_id')
        .select(['machine_owner.machine_id', 'user_account.id', 'user_account.username'])
        .execute(),
    );
    return new Map(
      rows.map((row) => [
        machineId.parse(row.machine_id),
        { id: userId.parse(row.id), username: row.username },
      ]),
    );
  }

  async set(machine: MachineId, user: UserId | null): Promise<Owner | null> {
    if (user === null) {
      await this.#database.run((db) =>
        db.deleteFrom('machine_owner').where('machine_id', '=', machine).execute(),
      );
      return null;
    }
    return this.#database.transaction(async (trx) => {
      const account = await trx
        .selectFrom('user_account')
        .select(['id', 'username'])
        .where('id', '=', user)
        // Keeps the account from going away before the reference to it is in place.
        .forShare()
        .executeTakeFirst();
      if (account === undefined) throw new LimenError('NOT_FOUND', { kind: 'user', id: user });
      await trx
        .insertInto('machine_owner')
        .values({ machine_id: machine, user_id: user })
        .onConflict((conflict) =>
          conflict.column('machine_id').doUpdateSet({ user_id: user, assigned_at: new Date() }),
        )
        .execute();
      return { id: userId.parse(account.id), username: account.username };
    });
  }
}
