import type { Role, SessionId, UserId } from '@limen/contract';

/** Who is calling. `sessionId` is null for the local control socket, which only the service's own user can open. */
export interface Principal {
  readonly userId: UserId;
  readonly username: string;
  readonly role: Role;
  readonly sessionId: SessionId | null;
  /** End of the access token's life, Unix ms; `Infinity` on the control socket. */
  readonly expiresAt: number;
}
