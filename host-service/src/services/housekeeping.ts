import type { Logger } from '../ports/logger.ts';

const EVERY_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Something that grows and may forget what is older than its retention. */
export interface Prunable {
  readonly name: string;
  readonly retentionDays: number;
  prune(before: Date): Promise<number>;
}

/** Prune every hour, for as long as the service runs. Returns the function that stops it. */
export function startHousekeeping(prunables: readonly Prunable[], logger: Logger): () => void {
  const run = async (): Promise<void> => {
    for (const prunable of prunables) {
      try {
        const removed = await prunable.prune(new Date(Date.now() - prunable.retentionDays * DAY_MS));
        if (removed > 0) logger.info({ what: prunable.name, removed }, 'pruned');
      } catch (error) {
        // The database may be away; the next hour will do.
        logger.warn({ what: prunable.name, err: error }, 'could not prune');
      }
    }
  };
  const timer = setInterval(() => void run(), EVERY_MS).unref();
  return () => clearInterval(timer);
}
