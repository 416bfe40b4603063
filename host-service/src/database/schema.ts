import type { Role } from '@limen/contract';
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

/** Every table, as kysely checks queries against it. Made by `migrations/`. */
export interface Schema {
  user_account: UserAccountTable;
  session: SessionTable;
  refresh_token: RefreshTokenTable;
  pairing_code: PairingCodeTable;
  machine_owner: MachineOwnerTable;
  audit_log: AuditLogTable;
}
