import { LimenError, type MachineId } from '@limen/contract';
import type { Accounts } from '../../ports/accounts.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Trash } from './trash.ts';

const EVERY_MS = 60 * 60_000;

export interface TrashCollectorDependencies {
  readonly trash: Pick<Trash, 'expired' | 'purge'>;
  readonly accounts: Pick<Accounts, 'firstAdministrator'>;
  readonly logger: Logger;
}

/** Purges what has been in the trash for long enough. */
export class TrashCollector {
  readonly #deps: TrashCollectorDependencies;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: TrashCollectorDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#collect(), EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #collect(): Promise<void> {
    const { trash, accounts, logger } = this.#deps;
    const expired = trash.expired(new Date());
    if (expired.length === 0) return;
    try {
      // A job is somebody's; nobody asked for this one but the service.
      const administrator = await accounts.firstAdministrator();
      if (administrator === null) return;
      const { id: userId, username, role } = administrator;
      const principal = { userId, username, role, sessionId: null, expiresAt: Number.POSITIVE_INFINITY };
      for (const machine of expired) await this.#purge(principal, machine.id);
    } catch (error) {
      logger.warn({ err: error }, 'could not empty the trash');
    }
  }

  async #purge(principal: Principal, machineId: MachineId): Promise<void> {
    try {
      await this.#deps.trash.purge(principal, { machineId, keepDisks: false, alsoDelete: [] });
    } catch (error) {
      // Somebody purges or has restored it just now.
      if (!LimenError.is(error, 'CONFLICT')) throw error;
    }
  }
}
