import { createAccessTokens } from './auth/access-tokens.ts';
import { createPasswords } from './auth/argon2-passwords.ts';
import type { HostKeys } from './auth/host-keys.ts';
import { createSecretTokens } from './auth/secret-tokens.ts';
import type { Config } from './config/schema.ts';
import type { Database } from './database/database.ts';
import { AccountRepository } from './database/repositories/accounts.ts';
import { SessionRepository } from './database/repositories/sessions.ts';
import type { Accounts } from './ports/accounts.ts';
import type { Logger } from './ports/logger.ts';
import type { Passwords } from './ports/passwords.ts';
import type { SessionStore } from './ports/session-store.ts';
import type { Sessions, Users } from './ports/sessions.ts';
import { SessionService } from './services/sessions.ts';
import { UserService } from './services/users.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Everything about who may come in. */
export interface People {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly store: SessionStore;
  readonly sessions: Sessions;
  readonly users: Users;
}

interface PeopleDependencies {
  readonly config: Config;
  readonly keys: HostKeys;
  readonly database: Database;
  readonly logger: Logger;
}

export async function composePeople({ config, keys, database, logger }: PeopleDependencies): Promise<People> {
  const accounts = new AccountRepository(database);
  const passwords = await createPasswords(config.passwords);
  const store = new SessionRepository(database, keys.hostId);
  const lifetimes = {
    accessMs: config.tokens.accessMinutes * MINUTE_MS,
    refreshMs: config.tokens.refreshDays * DAY_MS,
  };
  const sessions = new SessionService({
    accounts,
    store,
    passwords,
    accessTokens: await createAccessTokens({ ...keys, lifetimeMs: lifetimes.accessMs }),
    secrets: createSecretTokens(keys.rotationKey),
    logger: logger.child({ part: 'sessions' }),
    lifetimes,
  });
  return { accounts, passwords, store, sessions, users: new UserService(accounts, passwords) };
}
