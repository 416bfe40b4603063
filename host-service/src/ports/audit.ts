import type { ErrorCode, SessionId, UserId } from '@limen/contract';

/** One attempt to change something, successful or not. Holds no secret: inputs are reduced before they get here. */
export interface AuditEntry {
  readonly at: Date;
  readonly requestId: string;
  /** Procedure path, e.g. `machines.power`. */
  readonly procedure: string;
  /** Null for callers who had not signed in (a failed sign-in, say). */
  readonly actor: {
    readonly userId: UserId;
    readonly username: string;
    readonly sessionId: SessionId | null;
  } | null;
  /** Remote address, `local` for the control socket. */
  readonly address: string;
  readonly target: { readonly kind: 'machine'; readonly id: string } | null;
  readonly outcome: 'ok' | ErrorCode;
  /** The input's harmless fields, e.g. `{ action: 'start' }`. */
  readonly detail: Readonly<Record<string, string>>;
}

/** The audit log. A rejection is logged by the caller and never undoes what was done. */
export interface Audit {
  record(entry: AuditEntry): Promise<void>;
}
