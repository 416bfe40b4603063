import { type Kysely, type Migration, sql } from 'kysely';

/** Definitions that were replaced, and allocations that grow. */
export const hardware: Migration = {
  async up(db: Kysely<never>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  // No foreign key to user_account: what somebody changed outlives them.
  `create table definition_history (
     id bigint generated always as identity primary key,
     host_id uuid not null,
     machine_id uuid not null,
     xml text not null,
     replaced_at timestamptz not null default now(),
     replaced_by_id uuid,
     replaced_by text,
     check ((replaced_by_id is null) = (replaced_by is null))
   )`,
  `create index definition_history_machine_id_idx on definition_history (host_id, machine_id, id)`,
  `create index definition_history_replaced_at_idx on definition_history (host_id, replaced_at)`,
  `alter table allocation add column held_until timestamptz`,
];
