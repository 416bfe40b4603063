import type { ImageKind, JobKind, JobState, Role } from '@limen/contract';
import type { ColumnType, Generated } from 'kysely';

/** `timestamptz`: read as Date; the database fills it in when left out. */
type CreatedAt = ColumnType<Date, Date | undefined, never>;

export interface UserAccountTable {
  id: Generated<string>;
  username: string;
  password_hash: string;
  role: Role;
  created_at: CreatedAt;
}

export interface SessionTable {
  id: Generated<string>;
  /** A session belongs to the host that made it, also where several hosts share one database. */
  host_id: string;
  user_id: string;
  device: string;
  address: string;
  created_at: CreatedAt;
  last_used_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  revoke_reason: string | null;
}

export interface RefreshTokenTable {
  /** SHA-256 of the token; the token itself is never stored. */
  digest: Buffer;
  session_id: string;
  issued_at: CreatedAt;
  spent_at: Date | null;
}

export interface PairingCodeTable {
  digest: Buffer;
  host_id: string;
  user_id: string;
  created_at: CreatedAt;
  expires_at: Date;
}

export interface MachineOwnerTable {
  /** libvirt domain UUID. */
  machine_id: string;
  user_id: string;
  assigned_at: ColumnType<Date, Date | undefined, Date>;
}

export interface AuditLogTable {
  /** int8 identity; read as a number (see `type-parsers.ts`). */
  id: Generated<number>;
  at: Date;
  host_id: string;
  request_id: string;
  procedure: string;
  user_id: string | null;
  /** As it was then; the account may be gone when the log is read. */
  username: string | null;
  session_id: string | null;
  address: string;
  target_kind: string | null;
  target_id: string | null;
  /** `ok` or an error code. */
  outcome: string;
  /** jsonb; `pg` wants it as text. */
  detail: ColumnType<Record<string, string>, string, never>;
}

/** Long work; see `ports/jobs.ts`. Rows of one host are only touched by that host's service. */
export interface JobTable {
  id: Generated<string>;
  host_id: string;
  kind: JobKind;
  /** jsonb: what the job was asked to do; secrets are never stored in it in clear. */
  args: ColumnType<unknown, string, never>;
  state: JobState;
  /** Index of the step it is at, or, while it is undoing, of the one to undo next. */
  step: Generated<number>;
  /** What that step decided before it acts is in `step_state`, and must not be decided again. */
  prepared: Generated<boolean>;
  /** jsonb: what the steps recorded, above all what they will have to undo. */
  step_state: ColumnType<unknown, string | undefined, string>;
  attempt: Generated<number>;
  run_at: ColumnType<Date, Date | undefined, Date>;
  /** Fencing: only the process that holds the lease may write. */
  lease_owner: string | null;
  lease_until: Date | null;
  cancel_requested: Generated<boolean>;
  /** jsonb: a serialised LimenError. */
  error: ColumnType<unknown, string | null | undefined, string | null>;
  subject_name: string;
  machine_id: string | null;
  image_id: string | null;
  user_id: string | null;
  /** As it was then. */
  username: string | null;
  /** Two jobs of one key never exist unfinished at once. */
  dedupe_key: string | null;
  created_at: CreatedAt;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface JobLogTable {
  id: Generated<number>;
  job_id: string;
  at: CreatedAt;
  text: string;
}

export interface ImageTable {
  id: Generated<string>;
  host_id: string;
  name: string;
  kind: ImageKind;
  format: string;
  preset_id: string | null;
  virtual_bytes: number;
  actual_bytes: number;
  /** Lower-case hex. */
  sha256: string | null;
  path: string;
  /** jsonb: what its system needs to boot; null: as its preset has it. */
  hardware: ColumnType<unknown, string | null | undefined, never>;
  origin: string;
  source_url: string | null;
  shared: boolean;
  managed: boolean;
  user_id: string | null;
  added_at: CreatedAt;
}

/**
 * What a machine takes of its owner's quota and of the host: written in the transaction that checks both, before
 * the machine exists, and corrected from libvirt for as long as it does.
 */
export interface AllocationTable {
  machine_id: string;
  host_id: string;
  /** Null: nobody's; it counts against the host only. */
  user_id: string | null;
  name: string;
  vcpus: number;
  memory_bytes: number;
  disk_bytes: number;
  new_disk_bytes: number;
  /** True from the reservation until the machine is seen in libvirt. */
  pending: boolean;
  created_at: CreatedAt;
  /** Until then what is written here is ahead of what libvirt says: the machine is being changed. */
  held_until: Date | null;
}

/** See `ports/definition-history.ts`. */
export interface DefinitionHistoryTable {
  id: Generated<number>;
  host_id: string;
  machine_id: string;
  xml: string;
  replaced_at: CreatedAt;
  replaced_by_id: string | null;
  replaced_by: string | null;
}

/** See `ports/pool-history.ts`. */
export interface PoolUsageTable {
  id: Generated<number>;
  host_id: string;
  /** libvirt pool UUID. */
  pool_id: string;
  at: CreatedAt;
  allocated_bytes: number;
  capacity_bytes: number;
}

/** Limits of one user, or of everybody without their own (`user_id` null). A null limit is none. */
export interface QuotaTable {
  id: Generated<number>;
  user_id: string | null;
  machines: number | null;
  vcpus: number | null;
  memory_bytes: number | null;
  disk_bytes: number | null;
}

/** Every table, as kysely checks queries against it. Made by `migrations/`. */
export interface Schema {
  user_account: UserAccountTable;
  session: SessionTable;
  refresh_token: RefreshTokenTable;
  pairing_code: PairingCodeTable;
  machine_owner: MachineOwnerTable;
  audit_log: AuditLogTable;
  job: JobTable;
  job_log: JobLogTable;
  image: ImageTable;
  allocation: AllocationTable;
  definition_history: DefinitionHistoryTable;
  quota: QuotaTable;
  pool_usage: PoolUsageTable;
}
