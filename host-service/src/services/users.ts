import { LimenError, type Role, type User, type UserId } from '@limen/contract';
import type { Accounts } from '../ports/accounts.ts';
import type { Passwords } from '../ports/passwords.ts';
import type { Users } from '../ports/sessions.ts';

export class UserService implements Users {
  readonly #accounts: Accounts;
  readonly #passwords: Passwords;

  constructor(accounts: Accounts, passwords: Passwords) {
    this.#accounts = accounts;
    this.#passwords = passwords;
  }

  list(): Promise<User[]> {
    return this.#accounts.list();
  }

  /** Rejects with `NOT_FOUND`. */
  async get(userId: UserId): Promise<User> {
    const user = await this.#accounts.find(userId);
    if (user === null) throw new LimenError('NOT_FOUND', { kind: 'user', id: userId });
    return user;
  }

  async create(account: { username: string; password: string; role: Role }): Promise<User> {
    const { username, password, role } = account;
    return this.#accounts.create({
      username,
      role,
      passwordHash: await this.#passwords.hash(password),
    });
  }
}
