import { writeFile } from 'node:fs/promises';
import { startService } from '../compose.ts';
import type { ResolvedConfig } from '../config/resolve-config.ts';
import { dataPaths } from '../data-directory.ts';
import { createLogger } from '../logging.ts';
import type { NewAdministrator } from '../services/first-administrator.ts';

/** Longer than the server gives calls under way; past it something hangs and only the end of the process helps. */
const STOP_DEADLINE_MS = 5_000;

/** Run the service until SIGTERM or SIGINT. Rejects when it cannot start. */
export async function serve({ config, warnings }: ResolvedConfig): Promise<void> {
  const logger = createLogger(config.log.level);
  for (const warning of warnings) logger.warn({}, warning);
  process.on('uncaughtException', (error) => {
    logger.error({ err: error }, 'bug: an error nobody handled; ending');
    process.exit(1);
  });
  const asked = stopSignal();
  const service = await startService({
    config,
    logger,
    onAdministrator: (administrator) => announceAdministrator(config.data.directory, administrator),
  });
  const signal = await asked;
  logger.info({ signal }, 'stopping');
  const deadline = setTimeout(() => {
    logger.error({ afterMs: STOP_DEADLINE_MS }, 'could not stop in time');
    process.exit(1);
  }, STOP_DEADLINE_MS);
  await service.close();
  clearTimeout(deadline);
  logger.info({}, 'stopped');
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

/**
 * To the person at the terminal; without one, into a file only the service's user can read, because standard
 * error then is a log, which is kept and passed on.
 */
async function announceAdministrator(
  directory: string,
  { username, password }: NewAdministrator,
): Promise<void> {
  if (process.stderr.isTTY) {
    process.stderr.write(`\nFirst administrator: ${username}\nPassword (shown once): ${password}\n\n`);
    return;
  }
  const path = dataPaths(directory).administratorPassword;
  await writeFile(path, `${password}\n`, { mode: 0o600, flag: 'w' });
  process.stderr.write(`First administrator: ${username}; the password is in ${path}, delete it after use\n`);
}
