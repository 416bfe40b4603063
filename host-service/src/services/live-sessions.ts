import type { SessionId } from '@limen/contract';
import type { Unsubscribe } from '../ports/hypervisor.ts';
import type { Principal } from '../ports/principal.ts';
import type { Sessions } from '../ports/sessions.ts';

export type SessionEnd = 'revoked' | 'expired';

interface Holding {
  /** Latest end of any access token seen for the session, Unix ms. */
  expiresAt: number;
  timer: NodeJS.Timeout | undefined;
  readonly enders: Set<(why: SessionEnd) => void>;
}

/** After a token's end, so that a renewal delayed by a slow network does not interrupt a stream. */
const GRACE_MS = 60_000;

/**
 * What must stop when a session does: sockets, streams, consoles, console tickets. Each is held here under its
 * session, and told when that is revoked, or has run out without a renewal on any of its sockets.
 */
export class LiveSessions {
  readonly #holdings = new Map<SessionId, Holding>();
  readonly #graceMs: number;
  readonly #unsubscribe: Unsubscribe;

  constructor(sessions: Pick<Sessions, 'onRevoked'>, graceMs = GRACE_MS) {
    this.#graceMs = graceMs;
    this.#unsubscribe = sessions.onRevoked((sessionId) => this.#end(sessionId, 'revoked'));
  }

  /** Have `end` called, once, when the principal's session ends. The control socket has none and never ends. */
  hold(principal: Principal, end: (why: SessionEnd) => void): Unsubscribe {
    const { sessionId } = principal;
    if (sessionId === null) return () => {};
    const holding = this.#holdings.get(sessionId) ?? {
      expiresAt: 0,
      timer: undefined,
      enders: new Set(),
    };
    this.#holdings.set(sessionId, holding);
    // A function of its own, so that the same `end` can be held twice.
    const ender = (why: SessionEnd): void => end(why);
    holding.enders.add(ender);
    this.#extend(sessionId, holding, principal.expiresAt);
    return () => this.#release(sessionId, holding, ender);
  }

  close(): void {
    this.#unsubscribe();
    for (const { timer } of this.#holdings.values()) clearTimeout(timer);
    this.#holdings.clear();
  }

  #extend(sessionId: SessionId, holding: Holding, expiresAt: number): void {
    if (expiresAt <= holding.expiresAt) return;
    holding.expiresAt = expiresAt;
    clearTimeout(holding.timer);
    const wait = expiresAt + this.#graceMs - Date.now();
    holding.timer = setTimeout(() => this.#end(sessionId, 'expired'), wait).unref();
  }

  #release(sessionId: SessionId, holding: Holding, ender: (why: SessionEnd) => void): void {
    holding.enders.delete(ender);
    if (holding.enders.size > 0 || this.#holdings.get(sessionId) !== holding) return;
    clearTimeout(holding.timer);
    this.#holdings.delete(sessionId);
  }

  #end(sessionId: SessionId, why: SessionEnd): void {
    const holding = this.#holdings.get(sessionId);
    if (!holding) return;
    clearTimeout(holding.timer);
    this.#holdings.delete(sessionId);
    for (const ender of holding.enders) ender(why);
  }
}
