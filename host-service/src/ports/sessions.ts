import type { SessionId, SessionTokens, User, UserId } from '@limen/contract';
import type { Principal } from './principal.ts';
import type { Unsubscribe } from './hypervisor.ts';

export interface ClientInfo {
  readonly device: string;
  /** Remote address, for throttling and the audit log. */
  readonly address: string;
}

/** Sign-in, tokens and accounts, as procedures see them. Implemented by `services/sessions.ts` and `services/users.ts`. */
export interface Sessions {
  /** Rejects with `UNAUTHENTICATED` (`wrong-credentials`, same cost for unknown names) or `RATE_LIMITED`. */
  signIn(credentials: { username: string; password: string }, client: ClientInfo): Promise<SessionTokens>;
  /** Trade a pairing code (single use, 10 minutes) for a session of the user who made it. */
  pair(code: string, client: ClientInfo): Promise<SessionTokens>;
  /** Rotate; reuse of a spent token revokes the whole session (for two minutes, while its successor is unused, the
   * same successor is handed out again: an answer may have been lost). */
  renew(refreshToken: string, client: ClientInfo): Promise<SessionTokens>;
  signOut(sessionId: SessionId): Promise<void>;
  createPairing(userId: UserId): Promise<{ code: string; expiresAt: Date }>;
  /** Verify signature, issuer, audience (this host's id), type and life; rejects with `UNAUTHENTICATED`. */
  verify(accessToken: string): Promise<Principal>;
  /** Fires when a session ends early; its sockets and consoles must close. */
  onRevoked(listener: (sessionId: SessionId) => void): Unsubscribe;
}

export interface Users {
  list(): Promise<User[]>;
  get(userId: UserId): Promise<User>;
  /** Rejects with `CONFLICT` (`name-taken`). */
  create(account: { username: string; password: string; role: 'administrator' | 'user' }): Promise<User>;
}
