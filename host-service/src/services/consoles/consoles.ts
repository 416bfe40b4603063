import type { MachineId } from '@limen/contract';
import type { ConsoleEndpoint, Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { LiveSessions, SessionEnd } from '../live-sessions.ts';
import { machineNotFound } from '../machines.ts';
import { mayOnMachine } from '../visibility.ts';
import { Tickets } from './tickets.ts';

export interface ConsolesDependencies {
  readonly hypervisor: Pick<Hypervisor, 'vncEndpoint'>;
  readonly inventory: Pick<Inventory, 'find' | 'onChanged'>;
  readonly liveSessions: LiveSessions;
  readonly ticketLifeMs?: number;
}

/** What a redeemed ticket entitles to. */
export interface ConsoleGrant {
  readonly machineId: MachineId;
  readonly principal: Principal;
  readonly endpoint: ConsoleEndpoint;
}

export type ConsoleEnd = SessionEnd | 'forbidden';

interface OpenConsole {
  readonly grant: ConsoleGrant;
  readonly end: (why: ConsoleEnd) => void;
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

  get openCount(): number {
    return this.#open.size;
  }

  /** Rejects with `CONFLICT` (`no-console`) when there is no display to look at now. */
  async open(
    principal: Principal,
    machineId: MachineId,
  ): Promise<{ path: string; ticket: string; expiresAt: string }> {
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
   * have been given away. Rejects with `UNAUTHENTICATED`, `NOT_FOUND` or `CONFLICT` (`no-console`).
   */
  async redeem(ticket: string, machineId: MachineId): Promise<ConsoleGrant> {
    const principal = this.#tickets.redeem(ticket, machineId);
    if (!this.#mayUse(principal, machineId)) throw machineNotFound(machineId);
    return {
      machineId,
      principal,
      endpoint: await this.#deps.hypervisor.vncEndpoint(machineId),
    };
  }

  /** Count a console as open until released; `end` is called, once, when it must stop before that. */
  hold(grant: ConsoleGrant, end: (why: ConsoleEnd) => void): Unsubscribe {
    const console = { grant, end };
    this.#open.add(console);
    const release = this.#deps.liveSessions.hold(grant.principal, end);
    return () => {
      this.#open.delete(console);
      release();
    };
  }

  close(): void {
    this.#unsubscribe();
    this.#tickets.close();
  }

  #recheck(machineId: MachineId): void {
    // A machine that went away takes its display along: the viewer then hears of that, not of a permission.
    if (!this.#deps.inventory.find(machineId)) return;
    for (const { grant, end } of this.#open) {
      if (grant.machineId === machineId && !this.#mayUse(grant.principal, machineId)) end('forbidden');
    }
  }

  #mayUse(principal: Principal, machineId: MachineId): boolean {
    const machine = this.#deps.inventory.find(machineId);
    return machine !== undefined && mayOnMachine(principal, 'machine:console', machine);
  }
}
