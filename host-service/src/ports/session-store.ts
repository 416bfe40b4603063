import type { SessionId, User, UserId } from '@limen/contract';

export interface NewSession {
  readonly userId: UserId;
  readonly device: string;
  readonly address: string;
  readonly tokenDigest: Buffer;
  readonly expiresAt: Date;
}

/** One rotation: the spent token's digest, its successor's, and the times that decide. */
export interface Rotation {
  readonly spentDigest: Buffer;
  readonly successorDigest: Buffer;
  readonly address: string;
  readonly now: Date;
  /** End of the successor's life; moves the session's own end with it. */
  readonly expiresAt: Date;
  /** How long a spent token may be shown again, as lost answers and races make honest clients do. */
  readonly graceMs: number;
}

export type RotationResult =
  | {
      readonly outcome: 'rotated';
      readonly sessionId: SessionId;
      readonly user: User;
      readonly expiresAt: Date;
    }
  | { readonly outcome: 'unknown' | 'expired' | 'revoked' }
  /** The token had been spent before: a copy is about, so the whole session was revoked in the same transaction. */
  | {
      readonly outcome: 'reused';
      readonly sessionId: SessionId;
      readonly userId: UserId;
    };

/** Sessions, their refresh tokens and pairing codes as they are stored. Implemented in `database/`. */
export interface SessionStore {
  create(session: NewSession): Promise<SessionId>;
  /** Atomic; concurrent rotations of one token agree on one successor. */
  rotate(rotation: Rotation): Promise<RotationResult>;
  /** False when it was already over or never was. */
  revoke(sessionId: SessionId, reason: string): Promise<boolean>;
  isActive(sessionId: SessionId): Promise<boolean>;
  createPairing(pairing: { userId: UserId; codeDigest: Buffer; expiresAt: Date }): Promise<void>;
  /** The user who made the code, once; null for an unknown, spent or expired one. */
  redeemPairing(codeDigest: Buffer, now: Date): Promise<User | null>;
  /** Forget what ended before `before`; returns how many sessions went. */
  prune(before: Date): Promise<number>;
}
