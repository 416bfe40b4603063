import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Users, their sessions, who owns which machine, and the audit log. `COLLATE "C"` where the order shows: the
 * embedded database sorts by code point, a real PostgreSQL by whatever locale it was made with.
 */
export const accountsAndSessions: Migration = {
  async up(db: Kysely<never>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  `create table user_account (
     id uuid primary key default gen_random_uuid(),
     username text collate "C" not null constraint user_account_username_key unique,
     password_hash text not null,
     role text not null check (role in ('administrator', 'user')),
     created_at timestamptz not null default now()
   )`,
  `create table session (
     id uuid primary key default gen_random_uuid(),
     host_id uuid not null,
     user_id uuid not null references user_account on delete cascade,
     device text not null,
     address text not null,
     created_at timestamptz not null default now(),
     last_used_at timestamptz not null,
     expires_at timestamptz not null,
     revoked_at timestamptz,
     revoke_reason text,
     check ((revoked_at is null) = (revoke_reason is null))
   )`,
  `create index session_user_id_idx on session (user_id)`,
  `create index session_expires_at_idx on session (expires_at)`,
  `create table refresh_token (
     digest bytea primary key check (octet_length(digest) = 32),
     session_id uuid not null references session on delete cascade,
     issued_at timestamptz not null default now(),
     spent_at timestamptz
   )`,
  `create index refresh_token_session_id_idx on refresh_token (session_id)`,
  `create table pairing_code (
     digest bytea primary key check (octet_length(digest) = 32),
     host_id uuid not null,
     user_id uuid not null references user_account on delete cascade,
     created_at timestamptz not null default now(),
     expires_at timestamptz not null
   )`,
  `create table machine_owner (
     machine_id uuid primary key,
     user_id uuid not null references user_account on delete cascade,
     assigned_at timestamptz not null default now()
   )`,
  `create index machine_owner_user_id_idx on machine_owner (user_id)`,
  // No foreign key to user_account: the trail outlives the people in it.
  `create table audit_log (
     id bigint generated always as identity primary key,
     at timestamptz not null,
     host_id uuid not null,
     request_id text not null,
     procedure text not null,
     user_id uuid,
     username text,
     session_id uuid,
     address text not null,
     target_kind text,
     target_id text,
     outcome text not null,
     detail jsonb not null,
     check ((target_kind is null) = (target_id is null))
   )`,
  `create index audit_log_at_idx on audit_log (at)`,
];
