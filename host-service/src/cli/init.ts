import { createPasswords } from '../auth/argon2-passwords.ts';
import type { Config } from '../config/schema.ts';
import { DirectoryLockedError, lockDirectory } from '../database/directory-lock.ts';
import { createDatabase } from '../database/open-database.ts';
import { AccountRepository } from '../database/repositories/accounts.ts';
import { layFoundation, publicAddress } from '../foundation.ts';
import { createLogger } from '../logging.ts';
import { ensureAdministrator, type NewAdministrator } from '../services/first-administrator.ts';

/** What `init --json` prints. */
export interface InitResult {
  readonly hostId: string;
  readonly hostName: string;
  readonly fingerprint: string;
  /** `host:port`, as configured. */
  readonly address: string;
  /** Null when there was an administrator already. */
  readonly administrator: NewAdministrator | null;
}

/** Make whatever a host needs and does not have yet; a second time it changes nothing. */
export async function initialise(config: Config, administratorName: string): Promise<InitResult> {
  const { keys, certificate } = await layFoundation(config);
  return {
    hostId: keys.hostId,
    hostName: config.host.name,
    fingerprint: certificate.fingerprint,
    address: publicAddress(config, config.listen.port),
    administrator: await initialiseDatabase(config, administratorName),
  };
}

async function initialiseDatabase(
  config: Config,
  administratorName: string,
): Promise<NewAdministrator | null> {
  const { directory } = config.data;
  try {
    const lock = await lockDirectory(directory, 'service.lock');
    const logger = createLogger('silent');
    const database = createDatabase({ url: config.database.url, dataDirectory: directory, logger });
    try {
      await database.open();
      const passwords = await createPasswords(config.passwords);
      return await ensureAdministrator(new AccountRepository(database), passwords, administratorName);
    } finally {
      await database.close();
      await lock.release();
    }
  } catch (error) {
    // A running service has done all this when it started.
    if (error instanceof DirectoryLockedError) return null;
    throw error;
  }
}
