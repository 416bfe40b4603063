import { type Kysely, type Migration, sql } from 'kysely';

/** How full storage pools were. */
export const storage: Migration = {
  async up(db: Kysely<never>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  `create table pool_usage (
     id bigint generated always as identity primary key,
     host_id uuid not null,
     pool_id uuid not null,
     at timestamptz not null default now(),
     allocated_bytes bigint not null,
     capacity_bytes bigint not null
   )`,
  `create index pool_usage_pool_id_idx on pool_usage (host_id, pool_id, at)`,
  `create index pool_usage_at_idx on pool_usage (host_id, at)`,
];
