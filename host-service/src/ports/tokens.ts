import type { Role, SessionId, UserId } from '@limen/contract';

export interface AccessClaims {
  readonly userId: UserId;
  readonly username: string;
  readonly role: Role;
  readonly sessionId: SessionId;
}

/** Signed, short-lived proof of a session; checked without the database. */
export interface AccessTokens {
  issue(claims: AccessClaims): Promise<{ token: string; expiresAt: Date }>;
  /** Rejects with `UNAUTHENTICATED` (`expired`, or `invalid` for everything else that is wrong with it). */
  verify(token: string): Promise<AccessClaims & { readonly expiresAt: number }>;
}

/** Opaque secrets of which only a digest is ever stored. */
export interface SecretTokens {
  /** 256 random bits, base64url. */
  mint(): string;
  /** What to store in its place (SHA-256; enough, because the input has full entropy). */
  digest(token: string): Buffer;
  /**
   * The refresh token that follows another. Derived with a key only this host has rather than drawn at random:
   * callers racing with one token all get the same successor, also across a restart, and no token is stored.
   */
  successor(token: string): string;
}
