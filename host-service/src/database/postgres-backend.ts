import { Client, type ClientConfig, Pool } from 'pg';
import {
  type Backend,
  type Connection,
  type ConnectionEvents,
  readServerVersion,
  watchPool,
} from './backend.ts';
import { STATEMENT_TIMEOUT_MS } from './errors.ts';
import { typeParsers } from './type-parsers.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** PostgreSQL 15 or newer, by connection string. */
export class PostgresBackend implements Backend {
  readonly kind = 'postgresql';
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async open(events: ConnectionEvents): Promise<Connection> {
    const pool = new Pool({
      ...this.#settings(),
      max: 8,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 4 * STATEMENT_TIMEOUT_MS,
      types: typeParsers,
    });
    watchPool(pool, events);
    try {
      const version = await readServerVersion(pool);
      return { pool, version, probe: () => this.#probe(), close: () => pool.end() };
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  /** By a connection of its own: those of the pool may be dead without the server being so. */
  async #probe(): Promise<void> {
    const client = new Client({ ...this.#settings(), query_timeout: CONNECT_TIMEOUT_MS });
    // What happens to it after it has answered is of no interest.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
    } finally {
      await client.end();
    }
  }

  #settings(): ClientConfig {
    return {
      connectionString: this.#url,
      application_name: 'limen-host',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    };
  }
}
