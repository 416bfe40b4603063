import type { Role, User, UserId } from '@limen/contract';

export interface NewAccount {
  readonly username: string;
  /** PHC string (`$argon2id$…`). */
  readonly passwordHash: string;
  readonly role: Role;
}

/** User accounts as they are stored. Implemented in `database/`. */
export interface Accounts {
  /** By name, oldest account first among equals. */
  list(): Promise<User[]>;
  find(userId: UserId): Promise<User | null>;
  /** For signing in: the account of an exact, lower-case name with its hash, or null. */
  findCredentials(username: string): Promise<{ user: User; passwordHash: string } | null>;
  firstAdministrator(): Promise<User | null>;
  /** Rejects with `CONFLICT` (`name-taken`). */
  create(account: NewAccount): Promise<User>;
  /**
   * Create the account only while there is no administrator at all; null when there is one. Safe against
   * several services starting at once on one shared database.
   */
  createFirstAdministrator(account: NewAccount): Promise<User | null>;
  setPasswordHash(userId: UserId, passwordHash: string): Promise<void>;
}
