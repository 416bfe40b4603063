import { EventEmitter } from 'node:events';
import type { SessionId } from '@limen/contract';
import type { Unsubscribe } from '../ports/hypervisor.ts';

/** Sessions remembered as active at most; one that is forgotten costs a look into the database. */
const CAPACITY = 10_000;

/**
 * Which sessions are known to be alive or over, so that a call costs no query. What is revoked stays known for as
 * long as an access token of it may still be about, whatever a slower query says meanwhile.
 */
export class SessionActivity {
  readonly #emitter = new EventEmitter<{ revoked: [SessionId] }>();
  readonly #active = new Set<SessionId>();
  /** With the time from which no access token of the session can be valid any more. */
  readonly #revoked = new Map<SessionId, number>();
  readonly #accessLifetimeMs: number;

  constructor(accessLifetimeMs: number) {
    this.#accessLifetimeMs = accessLifetimeMs;
    // One listener per socket and console.
    this.#emitter.setMaxListeners(0);
  }

  /** Undefined when only the store can tell. */
  isActive(sessionId: SessionId): boolean | undefined {
    if (this.#revoked.has(sessionId)) return false;
    return this.#active.has(sessionId) ? true : undefined;
  }

  markActive(sessionId: SessionId): void {
    if (this.#revoked.has(sessionId)) return;
    this.#active.add(sessionId);
    if (this.#active.size > CAPACITY) {
      const [oldest] = this.#active;
      if (oldest !== undefined) this.#active.delete(oldest);
    }
  }

  markRevoked(sessionId: SessionId): void {
    const now = Date.now();
    for (const [id, until] of this.#revoked) if (until <= now) this.#revoked.delete(id);
    this.#active.delete(sessionId);
    this.#revoked.set(sessionId, now + this.#accessLifetimeMs);
    this.#emitter.emit('revoked', sessionId);
  }

  onRevoked(listener: (sessionId: SessionId) => void): Unsubscribe {
    this.#emitter.on('revoked', listener);
    return () => this.#emitter.off('revoked', listener);
  }
}
