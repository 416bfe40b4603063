import { join } from 'node:path';
import type { Logger } from '../ports/logger.ts';
import { Database } from './database.ts';
import { EmbeddedBackend } from './embedded/embedded-backend.ts';
import { PostgresBackend } from './postgres-backend.ts';

export interface DatabaseOptions {
  /** `postgres://…`; null chooses the embedded database. */
  readonly url: string | null;
  readonly dataDirectory: string;
  readonly logger: Logger;
}

/** A database that is not connected yet: call `open()` or `start()`. */
export function createDatabase({ url, dataDirectory, logger }: DatabaseOptions): Database {
  const backend =
    url === null ? new EmbeddedBackend(join(dataDirectory, 'database'), logger) : new PostgresBackend(url);
  return new Database(backend, logger);
}
