import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { LimenError } from '@limen/contract';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import type { DatabaseStatus } from '../ports/database-status.ts';
import type { Unsubscribe } from '../ports/hypervisor.ts';
import type { Logger } from '../ports/logger.ts';
import type { Backend, Connection } from './backend.ts';
import { isConnectionLoss, toLimenError } from './errors.ts';
import { migrate } from './migrations/index.ts';
import type { Schema } from './schema.ts';

/** Where the connection stands, in words for a log. */
export interface ConnectionStatus {
  readonly connected: boolean;
  /** Server version, e.g. `15.20`; null until the first connection. */
  readonly version: string | null;
  /** Why there is no connection; null while there is one. */
  readonly detail: string | null;
}

interface Opened {
  readonly connection: Connection;
  readonly kysely: Kysely<Schema>;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** How soon the loss of a server is noticed while nobody asks it anything. */
const PROBE_EVERY_MS = 15_000;
/** A health report must not wait for a database that hangs. */
const CHECK_DEADLINE_MS = 1_000;

/**
 * The database, whether it is there or not. It connects in the background, migrates, notices when the
 * connection is lost and connects again; meanwhile every call rejects with `DATABASE_UNAVAILABLE` at once.
 */
export class Database implements DatabaseStatus {
  readonly #backend: Backend;
  readonly #logger: Logger;
  readonly #emitter = new EventEmitter<{ status: [ConnectionStatus] }>();
  #status: ConnectionStatus = {
    connected: false,
    version: null,
    detail: 'not connected yet',
  };
  #opened: Opened | null = null;
  #closed = false;
  #retry: { timer: NodeJS.Timeout | undefined; delayMs: number } = {
    timer: undefined,
    delayMs: FIRST_RETRY_MS,
  };
  #attempt: Promise<void> | null = null;
  /** Done when the last connection that was lost has been put away. */
  #dropping: Promise<void> = Promise.resolve();
  #probing = false;
  readonly #prober: NodeJS.Timeout;

  constructor(backend: Backend, logger: Logger) {
    this.#backend = backend;
    this.#logger = logger;
    this.#prober = setInterval(() => this.#suspect('no answer'), PROBE_EVERY_MS).unref();
  }

  get kind(): Backend['kind'] {
    return this.#backend.kind;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  async check(): Promise<{ connected: boolean; version: string | null }> {
    const pool = this.#opened?.connection.pool;
    if (pool === undefined) return { connected: false, version: null };
    const answered = pool.query('select 1').then(
      () => true,
      (error: unknown) => {
        this.#suspect(describe(error));
        return false;
      },
    );
    const connected = await Promise.race([answered, delay(CHECK_DEADLINE_MS, false, { ref: false })]);
    return { connected, version: connected ? this.#status.version : null };
  }

  onStatus(listener: (status: ConnectionStatus) => void): Unsubscribe {
    this.#emitter.on('status', listener);
    return () => this.#emitter.off('status', listener);
  }

  /** Connect and migrate now. Rejects with the driver's own error, once; nothing is tried again. */
  open(): Promise<void> {
    this.#attempt ??= this.#openOnce().finally(() => {
      this.#attempt = null;
    });
    return this.#attempt;
  }

  /** Begin connecting and keep at it until it works; returns at once. */
  start(): void {
    this.open().catch((error: unknown) => this.#retryLater(error));
  }

  /** Run statements. Rejects with `DATABASE_UNAVAILABLE`, or another code of `toLimenError`. */
  async run<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    const opened = this.#opened;
    if (opened === null) throw new LimenError('DATABASE_UNAVAILABLE', {});
    try {
      return await work(opened.kysely);
    } catch (error) {
      if (isConnectionLoss(error)) this.#suspect(describe(error));
      throw toLimenError(error);
    }
  }

  /**
   * Run statements as one. Everything inside must go through the transaction it is given (the embedded database
   * has a single session), and nothing inside may wait for anything but the database.
   */
  transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.run((db) => db.transaction().execute(work));
  }

  /** Waits for statements under way; the database is closed cleanly. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#prober);
    clearTimeout(this.#retry.timer);
    // Its failure has been reported to whoever asked for it.
    await this.#attempt?.catch(() => undefined);
    await this.#dropping;
    await this.#drop('closed');
    this.#emitter.removeAllListeners();
  }

  async #openOnce(): Promise<void> {
    let opened: Connection | null = null;
    const connection = await this.#backend.open({
      // Lost while it was being opened: then the opening itself fails.
      onLost: (reason) => opened && this.#lost(opened, describe(reason)),
      onSuspect: (reason) => this.#suspect(describe(reason)),
    });
    opened = connection;
    const kysely = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool: connection.pool }),
    });
    try {
      const applied = await migrate(kysely);
      if (applied.length > 0) this.#logger.info({ migrations: applied }, 'migrated the database');
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.#opened = { connection, kysely };
    this.#retry.delayMs = FIRST_RETRY_MS;
    this.#logger.info({ kind: this.kind, version: connection.version }, 'database connected');
    this.#setStatus({
      connected: true,
      version: connection.version,
      detail: null,
    });
  }

  #retryLater(error: unknown): void {
    if (this.#closed) return;
    const detail = describe(error);
    // Jitter, so that several services do not all knock at the same moment when a shared server is back.
    const delayMs = Math.round(this.#retry.delayMs * (0.75 + Math.random() / 2));
    this.#retry.delayMs = Math.min(this.#retry.delayMs * 2, LAST_RETRY_MS);
    this.#logger.warn({ kind: this.kind, detail, retryInMs: delayMs }, 'no database');
    this.#setStatus({ ...this.#status, connected: false, detail });
    this.#retry.timer = setTimeout(() => this.start(), delayMs);
  }

  /** One failed connection is no proof: ask the database before giving up all the others. */
  #suspect(detail: string): void {
    const connection = this.#opened?.connection;
    if (connection === undefined || this.#closed || this.#probing) return;
    this.#probing = true;
    connection
      .probe()
      .catch((error: unknown) => this.#lost(connection, isConnectionLoss(error) ? describe(error) : detail))
      .finally(() => {
        this.#probing = false;
      });
  }

  #lost(connection: Connection, detail: string): void {
    if (this.#closed || this.#opened?.connection !== connection) return;
    this.#logger.error({ kind: this.kind, detail }, 'database lost');
    this.#dropping = this.#drop(detail).finally(() => {
      if (!this.#closed) this.start();
    });
  }

  async #drop(detail: string): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    this.#setStatus({ ...this.#status, connected: false, detail });
    await opened?.connection.close();
  }

  #setStatus(status: ConnectionStatus): void {
    this.#status = status;
    this.#emitter.emit('status', status);
  }
}

/** Driver errors may be an AggregateError (one per address tried) whose own message is empty. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
