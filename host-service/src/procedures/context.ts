import { LimenError } from '@limen/contract';
import type { Principal } from '../ports/principal.ts';

/** Who is on the other end. Signing in on a socket changes `principal` in place, for all calls after it. */
export interface Caller {
  /** Remote address; `local` on the control socket. */
  readonly address: string;
  readonly principal: Principal | null;
  /**
   * Ends what was begun as the present principal: aborts when that one is revoked, runs out or is replaced, with
   * the `LimenError` that says so as its reason.
   */
  readonly tenure: AbortSignal;
  adopt(principal: Principal): void;
}

/** What every procedure gets beside its input. */
export interface CallContext {
  readonly caller: Caller;
  /** In the log lines of the call and in `INTERNAL` errors. */
  readonly requestId: string;
  /** There are too many calls of this connection, or of callers not signed in at its address, to take this one. */
  readonly overloaded: boolean;
}

/** The caller as a signed-in one. Throws `UNAUTHENTICATED` (`missing` or `expired`). */
export function requirePrincipal(caller: Pick<Caller, 'principal'>): Principal {
  const { principal } = caller;
  if (!principal) throw new LimenError('UNAUTHENTICATED', { reason: 'missing' });
  if (principal.expiresAt <= Date.now()) throw new LimenError('UNAUTHENTICATED', { reason: 'expired' });
  return principal;
}
