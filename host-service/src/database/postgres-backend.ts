import { Pool } from 'pg';
import { type Backend, type Connection, type ConnectionEvents, readServerVersion } from './backend.ts';
import { STATEMENT_TIMEOUT_MS } from './errors.ts';
import { typeParsers } from './type-parsers.ts';

/** PostgreSQL 15 or newer, by connection string. */
export class PostgresBackend implements Backend {
  readonly kind = 'postgresql';
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async open(events: ConnectionEvents): Promise<Connection> {
    const pool = new Pool({
      connectionString: this.#url,
      application_name: 'limen-host',
      max: 8,
      connectionTimeoutMillis: 5_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 4 * STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      types: typeParsers,
    });
    // Without a listener the loss of an idle connection would end the process.
    pool.on('error', (error) => events.onSuspect(error));
    try {
      const version = await readServerVersion(pool);
      return { pool, version, close: () => pool.end() };
    } catch (error) {
      await pool.end();
      throw error;
    }
  }
}
