import { isDeepStrictEqual } from 'node:util';
import type { MachineId, MetricsEvent } from '@limen/contract';
import type { Hypervisor } from '../../ports/hypervisor.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { Pulse } from '../pulse.ts';
import { isInScope, type Scope, scopeOf } from '../visibility.ts';
import { computeTick, type Tick, toFrame } from './frames.ts';
import type { CounterSample } from './rates.ts';

export interface MetricsDependencies {
  readonly hypervisor: Pick<Hypervisor, 'status' | 'machineCounters' | 'hostCounters'>;
  readonly inventory: Pick<Inventory, 'find'>;
  readonly logger: Logger;
  readonly tickMs?: number;
}

/** The visible part of a tick, shared by all subscribers of a scope. */
interface View {
  readonly layout: readonly MachineId[];
  readonly frame: MetricsEvent;
}

/**
 * Live metrics: one bulk call a tick while somebody watches, none otherwise. A subscriber that is slow to ask
 * gets the newest tick and never the ones it missed.
 */
export class Metrics {
  readonly #deps: MetricsDependencies;
  readonly #tickMs: number;
  readonly #pulse = new Pulse();
  readonly #views = new Map<Scope, View>();
  #watchers = 0;
  #timer: NodeJS.Timeout | undefined;
  #previous: CounterSample | null = null;
  #latest: Tick | null = null;
  #ticks = 0;
  /** Grows whenever sampling stops, so that a sample still under way is not taken for one of the next run. */
  #run = 0;

  constructor(deps: MetricsDependencies) {
    this.#deps = deps;
    this.#tickMs = deps.tickMs ?? 2_000;
  }

  /** Yields a layout whenever the visible running machines changed, then a frame, once a tick. */
  async *watch(principal: Principal, signal: AbortSignal): AsyncGenerator<MetricsEvent, void, void> {
    const scope = scopeOf(principal);
    let seen = 0;
    let layout: readonly MachineId[] | null = null;
    this.#enter();
    try {
      while (!signal.aborted) {
        const tick = this.#latest;
        if (tick === null || tick.number === seen) {
          await this.#pulse.next(signal);
          continue;
        }
        seen = tick.number;
        const view = this.#view(scope, tick);
        if (!isDeepStrictEqual(layout, view.layout)) {
          layout = view.layout;
          yield { type: 'layout', machineIds: [...layout] };
        }
        yield view.frame;
      }
    } finally {
      this.#leave();
    }
  }

  close(): void {
    this.#stop();
  }

  #enter(): void {
    this.#watchers += 1;
    if (this.#watchers === 1) void this.#sample(this.#run);
  }

  #leave(): void {
    this.#watchers -= 1;
    if (this.#watchers === 0) this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#run += 1;
    this.#previous = null;
    this.#latest = null;
    this.#views.clear();
  }

  async #sample(run: number): Promise<void> {
    const began = performance.now();
    const sample = await this.#takeSample();
    if (run !== this.#run) return;
    if (sample) {
      this.#ticks += 1;
      this.#latest = computeTick(this.#ticks, this.#previous, sample);
      this.#previous = sample;
      this.#views.clear();
      this.#pulse.beat();
    }
    const wait = Math.max(0, began + this.#tickMs - performance.now());
    this.#timer = setTimeout(() => void this.#sample(run), wait);
  }

  /** Null when there is nothing to tell: no frame is a gap on the client's charts too. */
  async #takeSample(): Promise<CounterSample | null> {
    if (this.#deps.hypervisor.status.state !== 'connected') return null;
    try {
      const [host, machines] = await Promise.all([
        this.#deps.hypervisor.hostCounters(),
        this.#deps.hypervisor.machineCounters(),
      ]);
      return {
        takenAt: performance.now(),
        at: Date.now(),
        host,
        machines: new Map(machines.map((counters) => [counters.machineId, counters])),
      };
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'could not read counters; this tick stays a gap');
      return null;
    }
  }

  #view(scope: Scope, tick: Tick): View {
    const known = this.#views.get(scope);
    if (known) return known;
    const layout = [...tick.machines.keys()].filter((machineId) => {
      const machine = this.#deps.inventory.find(machineId);
      return machine !== undefined && isInScope(scope, machine.owner?.id ?? null);
    });
    layout.sort();
    const view = { layout, frame: toFrame(tick, layout) };
    this.#views.set(scope, view);
    return view;
  }
}
