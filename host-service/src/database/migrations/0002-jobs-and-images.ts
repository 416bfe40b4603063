import { type Kysely, type Migration, sql } from 'kysely';

/** Long work and its log, the image library, what machines take, and who may take how much. */
export const jobsAndImages: Migration = {
  async up(db: Kysely<never>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  `create table job (
     id uuid primary key default gen_random_uuid(),
     host_id uuid not null,
     kind text not null,
     args jsonb not null,
     state text not null check (state in ('queued', 'running', 'undoing', 'done', 'failed', 'cancelled')),
     step integer not null default 0,
     prepared boolean not null default false,
     step_state jsonb not null default '{}',
     attempt integer not null default 0,
     run_at timestamptz not null default now(),
     lease_owner text,
     lease_until timestamptz,
     cancel_requested boolean not null default false,
     error jsonb,
     subject_name text not null,
     machine_id uuid,
     image_id uuid,
     user_id uuid references user_account on delete set null,
     username text,
     dedupe_key text,
     created_at timestamptz not null default now(),
     started_at timestamptz,
     finished_at timestamptz,
     check ((lease_owner is null) = (lease_until is null)),
     check ((finished_at is not null) = (state in ('done', 'failed', 'cancelled')))
   )`,
  `create index job_unfinished_idx on job (host_id, run_at) where finished_at is null`,
  `create index job_finished_at_idx on job (host_id, finished_at) where finished_at is not null`,
  `create unique index job_dedupe_key_key on job (host_id, dedupe_key) where finished_at is null`,
  `create table job_log (
     id bigint generated always as identity primary key,
     job_id uuid not null references job on delete cascade,
     at timestamptz not null default now(),
     text text not null
   )`,
  `create index job_log_job_id_idx on job_log (job_id, id)`,
  `create table image (
     id uuid primary key default gen_random_uuid(),
     host_id uuid not null,
     name text collate "C" not null,
     kind text not null check (kind in ('iso', 'disk', 'template')),
     format text not null check (format in ('raw', 'qcow2')),
     preset_id text,
     virtual_bytes bigint not null,
     actual_bytes bigint not null,
     sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
     path text not null,
     hardware jsonb,
     origin text not null check (origin in ('upload', 'url', 'scan', 'template')),
     source_url text,
     shared boolean not null,
     managed boolean not null,
     user_id uuid references user_account on delete set null,
     added_at timestamptz not null default now(),
     constraint image_path_key unique (host_id, path)
   )`,
  `create index image_user_id_idx on image (user_id)`,
  `create table allocation (
     machine_id uuid primary key,
     host_id uuid not null,
     user_id uuid references user_account on delete set null,
     name text not null,
     vcpus integer not null,
     memory_bytes bigint not null,
     disk_bytes bigint not null,
     new_disk_bytes bigint not null,
     pending boolean not null,
     created_at timestamptz not null default now()
   )`,
  `create index allocation_user_id_idx on allocation (user_id)`,
  `create index allocation_host_id_idx on allocation (host_id)`,
  // "nulls not distinct" is newer than PostgreSQL 14, and one row for everybody is all that is wanted.
  `create table quota (
     id bigint generated always as identity primary key,
     user_id uuid constraint quota_user_id_key unique references user_account on delete cascade,
     machines integer,
     vcpus integer,
     memory_bytes bigint,
     disk_bytes bigint
   )`,
  `create unique index quota_default_key on quota ((user_id is null)) where user_id is null`,
];
