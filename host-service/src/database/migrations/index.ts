import { type Kysely, type Migration, Migrator } from 'kysely';
import type { Schema } from '../schema.ts';
import { accountsAndSessions } from './0001-accounts-and-sessions.ts';
import { jobsAndImages } from './0002-jobs-and-images.ts';
import { hardware } from './0003-hardware.ts';
import { storage } from './0005-storage.ts';

/** In order, by name; a released migration is never edited, only followed by another. */
const migrations: Record<string, Migration> = {
  '0001-accounts-and-sessions': accountsAndSessions,
  '0002-jobs-and-images': jobsAndImages,
  '0003-hardware': hardware,
  '0005-storage': storage,
};

/**
 * Bring the database to this version's schema. Several services may call it at once on a shared database:
 * kysely holds an advisory lock meanwhile. Resolves to the names that were applied now.
 * Throws the database's own error; also when the database is from a newer version than this code.
 */
export async function migrate(db: Kysely<Schema>): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('migration failed', { cause: error });
  return (results ?? []).map((result) => result.migrationName);
}
