import type { Pool } from 'pg';

/** One open database. Ends by {@link close}, or by itself, in which case `onLost` is called once. */
export interface Connection {
  readonly pool: Pool;
  /** Server version, e.g. `15.20`. */
  readonly version: string;
  /** Whether the database itself still answers; rejects with the driver's error when it does not. */
  probe(): Promise<void>;
  /** Waits for running statements; never rejects. */
  close(): Promise<void>;
}

export interface ConnectionEvents {
  /** The database is gone for good; this connection must be closed and another one opened. */
  onLost(reason: Error): void;
  /** A connection broke; whether the database is gone is worth a question. */
  onSuspect(reason: Error): void;
}

/** Where the database comes from: a server, or our own directory. */
export interface Backend {
  readonly kind: 'embedded' | 'postgresql';
  /** Resolves once a statement has been answered. Rejects with the driver's error; the caller tries again. */
  open(events: ConnectionEvents): Promise<Connection>;
}

/**
 * Hear of every broken connection. An error nobody listens to ends the process, and the pool itself listens only
 * to those that lie idle.
 */
export function watchPool(pool: Pool, events: ConnectionEvents): void {
  pool.on('error', (error) => events.onSuspect(error));
  pool.on('connect', (client) => {
    client.on('error', (error) => events.onSuspect(error));
  });
}

/** Asked of every new connection: proves that statements run, and tells the version. */
export async function readServerVersion(pool: Pool): Promise<string> {
  const result = await pool.query<{ server_version: string }>('show server_version');
  // Distributions append their own, e.g. `15.20 (Debian 15.20-0+deb12u1)`.
  return result.rows[0]?.server_version.split(' ')[0] ?? 'unknown';
}
