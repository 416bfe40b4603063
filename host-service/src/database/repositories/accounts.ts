import type { User, UserId } from '@limen/contract';
import { sql } from 'kysely';
import type { Accounts, NewAccount } from '../../ports/accounts.ts';
import type { Database } from '../database.ts';
import { toUser, userColumns } from './user-record.ts';

/** Any number nobody else uses; serialises first-run set-up among services that share a database. */
const FIRST_ADMINISTRATOR_LOCK = 0x4c494d454e;

export class AccountRepository implements Accounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(): Promise<User[]> {
    const rows = await this.#database.run((db) =>
      db.selectFrom('user_account').select(userColumns).orderBy('username').execute(),
    );
    return rows.map(toUser);
  }

  async find(userId: UserId): Promise<User | null> {
    const row = await this.#database.run((db) =>
      db.selectFrom('user_account').select(userColumns).where('id', '=', userId).executeTakeFirst(),
    );
    return row === undefined ? null : toUser(row);
  }

  async findCredentials(username: string): Promise<{ user: User; passwordHash: string } | null> {
    // What no account can be called must not become an SQL error: PostgreSQL's text holds no NUL.
    if (username.includes('\0')) return null;
    const row = await this.#database.run((db) =>
      db
        .selectFrom('user_account')
        .select([...userColumns, 'password_hash'])
        .where('username', '=', username)
        .executeTakeFirst(),
    );
    return row === undefined ? null : { user: toUser(row), passwordHash: row.password_hash };
  }

  async firstAdministrator(): Promise<User | null> {
    const row = await this.#database.run((db) =>
      db
        .selectFrom('user_account')
        .select(userColumns)
        .where('role', '=', 'administrator')
        .orderBy('created_at')
        .orderBy('username')
        .limit(1)
        .executeTakeFirst(),
    );
    return row === undefined ? null : toUser(row);
  }

  async create({ username, passwordHash, role }: NewAccount): Promise<User> {
    const row = await this.#database.run((db) =>
      db
        .insertInto('user_account')
        .values({ username, password_hash: passwordHash, role })
        .returning(userColumns)
        .executeTakeFirstOrThrow(),
    );
    return toUser(row);
  }

  async createFirstAdministrator({ username, passwordHash, role }: NewAccount): Promise<User | null> {
    return this.#database.transaction(async (trx) => {
      await sql`select pg_advisory_xact_lock(${FIRST_ADMINISTRATOR_LOCK})`.execute(trx);
      const existing = await trx
        .selectFrom('user_account')
        .select('id')
        .where('role', '=', 'administrator')
        .limit(1)
        .executeTakeFirst();
      if (existing !== undefined) return null;
      const row = await trx
        .insertInto('user_account')
        .values({ username, password_hash: passwordHash, role })
        .returning(userColumns)
        .executeTakeFirstOrThrow();
      return toUser(row);
    });
  }

  async setPasswordHash(userId: UserId, passwordHash: string): Promise<void> {
    await this.#database.run((db) =>
      db.updateTable('user_account').set({ password_hash: passwordHash }).where('id', '=', userId).execute(),
    );
  }
}
