import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { Logger } from '../../ports/logger.ts';
import {
  type Backend,
  type Connection,
  type ConnectionEvents,
  readServerVersion,
  watchPool,
} from '../backend.ts';
import { lockDirectory } from '../directory-lock.ts';
import { typeParsers } from '../type-parsers.ts';
import { createCluster, EmbeddedWorker } from './embedded-worker.ts';
import { startMaintenance } from './maintenance.ts';

const CLOSE_DEADLINE_MS = 3_000;

/**
 * PGlite (PostgreSQL in WebAssembly) in our own directory. It has one session, hence the pool of one: inside a
 * transaction everything must go through it, or it waits for itself.
 */
export class EmbeddedBackend implements Backend {
  readonly kind = 'embedded';
  readonly #directory: string;
  readonly #logger: Logger;

  /** @param directory holds the cluster and its lock; made when missing */
  constructor(directory: string, logger: Logger) {
    this.#directory = directory;
    this.#logger = logger;
  }

  /** Also throws `DirectoryLockedError`: PGlite has no lock of its own, and two writers lose each other's rows. */
  async open(events: ConnectionEvents): Promise<Connection> {
    const lock = await lockDirectory(this.#directory);
    try {
      const cluster = await this.#ensureCluster();
      const worker = await EmbeddedWorker.open(cluster, (reason) => events.onLost(reason));
      const connection = await this.#connect(worker, events);
      const close = async (): Promise<void> => {
        await connection.close();
        await lock.release();
      };
      return { ...connection, close };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async #connect(worker: EmbeddedWorker, events: ConnectionEvents): Promise<Connection> {
    const pool = new Pool({
      user: 'postgres',
      database: 'postgres',
      max: 1,
      idleTimeoutMillis: 0,
      stream: () => worker.openSession(),
      types: typeParsers,
    });
    watchPool(pool, events);
    const stopMaintenance = startMaintenance(pool, this.#logger);
    const close = async (): Promise<void> => {
      stopMaintenance();
      await pool.end();
      await worker.close(CLOSE_DEADLINE_MS);
    };
    const probe = async (): Promise<void> => {
      await pool.query('select 1');
    };
    try {
      return { pool, version: await readServerVersion(pool), probe, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Made aside and renamed when complete, so that a crash in the middle leaves nothing that looks like one. */
  async #ensureCluster(): Promise<string> {
    const cluster = join(this.#directory, 'cluster');
    if (existsSync(cluster)) return cluster;
    const draft = `${cluster}.creating`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    const startedAt = performance.now();
    await createCluster(draft);
    await rename(draft, cluster);
    await syncDirectory(this.#directory);
    this.#logger.info(
      { cluster, ms: Math.round(performance.now() - startedAt) },
      'created the embedded database',
    );
    return cluster;
  }
}

/** A rename is only durable once the directory that holds it is. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
