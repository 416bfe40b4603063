import { createHash, randomBytes } from 'node:crypto';
import { LimenError, type MachineId } from '@limen/contract';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { Principal } from '../../ports/principal.ts';
import type { LiveSessions } from '../live-sessions.ts';

interface Ticket {
  readonly machineId: MachineId;
  readonly principal: Principal;
  readonly timer: NodeJS.Timeout;
  readonly release: Unsubscribe;
}

export interface IssuedTicket {
  readonly ticket: string;
  readonly expiresAt: Date;
}

/** Outstanding tickets of one user; a client needs one an attempt, so more is a fault or an attack. */
const MAX_PER_USER = 32;

/** Single-use, short-lived, opaque. Kept by hash only, so neither a dump nor a timing tells one. */
export class Tickets {
  readonly #tickets = new Map<string, Ticket>();
  readonly #liveSessions: LiveSessions;
  readonly #lifeMs: number;

  constructor(liveSessions: LiveSessions, lifeMs = 30_000) {
    this.#liveSessions = liveSessions;
    this.#lifeMs = lifeMs;
  }

  /** Rejects with `RATE_LIMITED` when the user has too many unused ones. */
  issue(principal: Principal, machineId: MachineId): IssuedTicket {
    const mine = [...this.#tickets.values()].filter((ticket) => ticket.principal.userId === principal.userId);
    if (mine.length >= MAX_PER_USER) {
      throw new LimenError('RATE_LIMITED', {
        retryAfterSeconds: Math.ceil(this.#lifeMs / 1000),
      });
    }
    const ticket = randomBytes(32).toString('base64url');
    const key = digest(ticket);
    this.#tickets.set(key, {
      machineId,
      principal,
      timer: setTimeout(() => this.#take(key), this.#lifeMs).unref(),
      release: this.#liveSessions.hold(principal, () => this.#take(key)),
    });
    return { ticket, expiresAt: new Date(Date.now() + this.#lifeMs) };
  }

  /** Use a ticket up, for whatever machine: a second try never succeeds. Throws `UNAUTHENTICATED` (`invalid`). */
  redeem(ticket: string, machineId: MachineId): Principal {
    const found = this.#take(digest(ticket));
    if (found?.machineId !== machineId) throw new LimenError('UNAUTHENTICATED', { reason: 'invalid' });
    return found.principal;
  }

  close(): void {
    for (const key of this.#tickets.keys()) this.#take(key);
  }

  #take(key: string): Ticket | undefined {
    const ticket = this.#tickets.get(key);
    if (!ticket) return undefined;
    this.#tickets.delete(key);
    clearTimeout(ticket.timer);
    ticket.release();
    return ticket;
  }
}

function digest(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
