import type { ErrorCode, UserId } from '@limen/contract';

export interface AuditEntry {
  readonly at: Date;
  /** Null when nobody was signed in, e.g. a failed sign-in. */
  readonly userId: UserId | null;
  /** What was asked for: a procedure's path, e.g. `machines.power`, or an event such as `session.reused`. */
  readonly action: string;
  /** What it was asked of, e.g. `machine:1b4e…` or `user:ada`; null when nothing in particular. Never a secret. */
  readonly target: string | null;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** Why it was refused or failed; null when done. */
  readonly code: ErrorCode | null;
  /** Remote address, or `local` on the control socket. */
  readonly address: string | null;
  readonly requestId: string | null;
}

/** The trail of who changed what. Implemented in `database/`. */
export interface AuditLog {
  /**
   * Hand over one entry; never throws and never waits, because a call that has already run cannot be undone by a
   * failing log. Entries wait in a bounded queue while the database is away; a lost one is reported in the log.
   */
  record(entry: AuditEntry): void;
}
