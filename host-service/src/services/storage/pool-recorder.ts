import type { PoolId } from '@limen/contract';
import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PoolHistory } from '../../ports/pool-history.ts';
import type { StoragePools } from '../../ports/storage-pools.ts';
import { Coalescer } from '../inventory/coalescer.ts';

/** A pool fills over days; ninety of them are some four thousand rows of it. */
const EVERY_MS = 30 * 60_000;

export interface PoolRecorderDependencies {
  readonly hypervisor: Pick<Hypervisor, 'status' | 'onStatus'>;
  readonly history: Pick<PoolHistory, 'record'>;
  readonly pools: Pick<StoragePools, 'list' | 'onChanged'>;
  readonly logger: Logger;
}

/** Writes down how full the running pools are, for as long as the service runs: at first sight, and now and then. */
export class PoolRecorder {
  readonly #deps: PoolRecorderDependencies;
  /** When each was written down last, by `performance.now()`. */
  readonly #recorded = new Map<PoolId, number>();
  readonly #runs = new Coalescer<'all', void>(() => this.#record(), 1);
  #subscriptions: Unsubscribe[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: PoolRecorderDependencies) {
    this.#deps = deps;
  }

  start(): void {
    const { hypervisor, pools } = this.#deps;
    const look = (): void => void this.#runs.run('all');
    this.#subscriptions = [
      hypervisor.onStatus(look),
      pools.onChanged((id) => {
        if (!this.#recorded.has(id)) look();
      }),
    ];
    this.#timer = setInterval(look, EVERY_MS).unref();
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    clearInterval(this.#timer);
  }

  /** Those that are due: a libvirt that comes and goes adds no moments between. */
  async #record(): Promise<void> {
    const { hypervisor, history, pools, logger } = this.#deps;
    if (hypervisor.status.state !== 'connected') return;
    try {
      const now = performance.now();
      const due = (await pools.list()).filter(({ id, state }) => {
        const recorded = this.#recorded.get(id);
        return state === 'running' && (recorded === undefined || now - recorded >= EVERY_MS / 2);
      });
      await history.record(
        due.map(({ id, allocatedBytes, capacityBytes }) => ({ poolId: id, allocatedBytes, capacityBytes })),
      );
      for (const { id } of due) this.#recorded.set(id, now);
    } catch (error) {
      logger.warn({ err: error }, 'could not record how full the storage pools are');
    }
  }
}
