import { LimenError } from '@limen/contract';
import type { Unsubscribe } from '../ports/hypervisor.ts';
import type { Principal } from '../ports/principal.ts';
import type { Caller } from '../procedures/context.ts';
import type { LiveSessions, SessionEnd } from '../services/live-sessions.ts';

export interface CallerEvents {
  /** The session was revoked: nothing more may happen on this connection. */
  readonly onRevoked?: () => void;
  /** Somebody signed in, in-band. */
  readonly onAdopted?: () => void;
}

/** The caller at the other end of one connection (a socket, or one HTTP request). */
export class ConnectionCaller implements Caller {
  readonly address: string;
  readonly #liveSessions: LiveSessions;
  readonly #events: CallerEvents;
  #principal: Principal | null = null;
  #tenure = new AbortController();
  #release: Unsubscribe = () => {};
  #disposed = false;

  constructor(address: string, liveSessions: LiveSessions, events: CallerEvents = {}) {
    this.address = address;
    this.#liveSessions = liveSessions;
    this.#events = events;
  }

  get principal(): Principal | null {
    return this.#principal;
  }

  get tenure(): AbortSignal {
    return this.#tenure.signal;
  }

  /** A renewal of the same session keeps its streams; another session ends those of the one before. */
  adopt(principal: Principal): void {
    if (this.#disposed) return;
    const before = this.#principal;
    const releaseBefore = this.#release;
    this.#release = this.#liveSessions.hold(principal, (why) => this.#end(why));
    releaseBefore();
    this.#principal = principal;
    if (before && before.sessionId !== principal.sessionId) this.#endTenure('revoked');
    this.#events.onAdopted?.();
  }

  /** The connection is gone. */
  dispose(): void {
    this.#disposed = true;
    this.#release();
    this.#tenure.abort(new LimenError('CANCELLED', {}));
  }

  #end(why: SessionEnd): void {
    if (why === 'expired') {
      // The principal stays: its token has run out, which is what calls are told until a renewal.
      this.#endTenure('expired');
      return;
    }
    this.#principal = null;
    this.#endTenure('revoked');
    this.#events.onRevoked?.();
  }

  #endTenure(reason: 'revoked' | 'expired'): void {
    const ended = this.#tenure;
    this.#tenure = new AbortController();
    ended.abort(new LimenError('UNAUTHENTICATED', { reason }));
  }
}
