import type { MachineId } from '@limen/contract';
import type { ConsoleEndpoint, Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { LiveSessions, SessionEnd } from '../live-sessions.ts';
import { machineNotFound, requireMachine } from '../machine-access.ts';
import { mayOnMachine } from '../visibility.ts';
import { Tickets } from './tickets.ts';

export interface ConsolesDependencies {
  readonly hypervisor: Pick<Hypervisor, 'vncEndpoint'>;
  readonly inventory: Pick<Inventory, 'find' | 'onChanged'>;
  readonly liveSessions: LiveSessions;
  readonly ticketLifeMs?: number;
}

export type ConsoleEnd = SessionEnd | 'forbidden';

/** What a redeemed ticket entitles to, until it is released or ends. */
export interface ConsoleGrant {
  readonly principal: Principal;
  readonly endpoint: ConsoleEndpoint;
  /** Have `listener` called, once, when the console must stop; at once when that has happened already. */
  whenEnded(listener: (why: ConsoleEnd) => void): void;
  /** The console is closed. May be called twice. */
  release(): void;
}

/** Path of a machine's console WebSocket. */
export function consolePath(machineId: MachineId): string {
  return `/console/${machineId}`;
}

/**
 * Who may look at which screen, and until when. The bytes themselves pass elsewhere. Several viewers of one
 * machine are fine: whether they share or take over is RFB's shared flag, which the viewer sends.
 */
export class Consoles {
  readonly #deps: ConsolesDependencies;
  readonly #tickets: Tickets;
  readonly #open = new Set<OpenConsole>();
  readonly #unsubscribe: Unsubscribe;

  constructor(deps: ConsolesDependencies) {
    this.#deps = deps;
    this.#tickets = new Tickets(deps.liveSessions, deps.ticketLifeMs);
    this.#unsubscribe = deps.inventory.onChanged((machineId) => this.#recheck(machineId));
  }

  /** Rejects with `CONFLICT`: `no-console` when there is no display to look at now, `in-trash`. */
  async open(
    principal: Principal,
    machineId: MachineId,
  ): Promise<{ path: string; ticket: string; expiresAt: string }> {
    requireMachine(this.#deps.inventory, machineId);
    await this.#deps.hypervisor.vncEndpoint(machineId);
    const { ticket, expiresAt } = this.#tickets.issue(principal, machineId);
    return {
      path: consolePath(machineId),
      ticket,
      expiresAt: expiresAt.toISOString(),
    };
  }

  /**
   * Trade a ticket for the way to the display. The permission is checked again: between the two the machine may
   * have been given away. From here on nothing that ends the console is missed, though it takes a while to connect.
   * Rejects with `UNAUTHENTICATED`, `NOT_FOUND` or `CONFLICT` (`no-console`).
   */
  async redeem(ticket: string, machineId: MachineId): Promise<ConsoleGrant> {
    const principal = this.#tickets.redeem(ticket, machineId);
    if (!this.#mayUse(principal, machineId)) throw machineNotFound(machineId);
    const console = new OpenConsole(principal, machineId);
    this.#open.add(console);
    const releaseSession = this.#deps.liveSessions.hold(principal, (why) => console.end(why));
    const release = (): void => {
      this.#open.delete(console);
      releaseSession();
    };
    try {
      const endpoint = await this.#deps.hypervisor.vncEndpoint(machineId);
      return { principal, endpoint, whenEnded: (listener) => console.whenEnded(listener), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  close(): void {
    this.#unsubscribe();
    this.#tickets.close();
  }

  #recheck(machineId: MachineId): void {
    // A machine that went away takes its display along: the viewer then hears of that, not of a permission.
    if (!this.#deps.inventory.find(machineId)) return;
    for (const console of this.#open) {
      if (console.machineId === machineId && !this.#mayUse(console.principal, machineId)) {
        console.end('forbidden');
      }
    }
  }

  #mayUse(principal: Principal, machineId: MachineId): boolean {
    const machine = this.#deps.inventory.find(machineId);
    return machine !== undefined && mayOnMachine(principal, 'machine:console', machine);
  }
}

class OpenConsole {
  readonly principal: Principal;
  readonly machineId: MachineId;
  #ended: ConsoleEnd | null = null;
  #listener: (why: ConsoleEnd) => void = () => {};

  constructor(principal: Principal, machineId: MachineId) {
    this.principal = principal;
    this.machineId = machineId;
  }

  end(why: ConsoleEnd): void {
    if (this.#ended !== null) return;
    this.#ended = why;
    this.#listener(why);
  }

  whenEnded(listener: (why: ConsoleEnd) => void): void {
    this.#listener = listener;
    if (this.#ended !== null) listener(this.#ended);
  }
}
