import type { Pool } from 'pg';
import type { Logger } from '../../ports/logger.ts';

const CHECKPOINT_EVERY_MS = 5 * 60_000;
const VACUUM_EVERY_MS = 24 * 60 * 60_000;

/**
 * What a server's background processes do and PGlite, which has none, does not: without checkpoints its WAL
 * grows for ever, without vacuum its tables do. Returns the function that stops it.
 */
export function startMaintenance(pool: Pool, logger: Logger): () => void {
  const run = (statement: string): void => {
    const startedAt = performance.now();
    pool.query(statement).then(
      () =>
        logger.debug(
          { statement, ms: Math.round(performance.now() - startedAt) },
          'database maintenance done',
        ),
      (error: unknown) => logger.warn({ statement, err: error }, 'database maintenance failed'),
    );
  };
  const timers = [
    setInterval(run, CHECKPOINT_EVERY_MS, 'checkpoint'),
    setInterval(run, VACUUM_EVERY_MS, 'vacuum (analyze)'),
  ];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
