import { type ErrorCode, type Job, machineState } from '@limen/contract';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallObserver } from '../procedures/observer.ts';
import type { Services } from '../services/services.ts';

interface SocketCounts {
  readonly rpc: { readonly anonymous: number; readonly signedIn: number };
  readonly consoles: number;
}

/** What `/metrics` tells Prometheus. Gauges are read when asked; nothing is measured in between. */
export class Telemetry implements CallObserver {
  readonly #registry = new Registry();
  readonly #calls: Histogram<'procedure' | 'outcome'>;
  readonly #streams: Gauge<'procedure'>;
  readonly #uploadedBytes: Counter;
  #unsubscribe: (() => void) | undefined;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#calls = new Histogram({
      name: 'limen_call_duration_seconds',
      help: 'Time to answer a call, by procedure and outcome',
      labelNames: ['procedure', 'outcome'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30],
      registers,
    });
    this.#streams = new Gauge({
      name: 'limen_streams',
      help: 'Streams under way, by procedure',
      labelNames: ['procedure'],
      registers,
    });
    this.#uploadedBytes = new Counter({
      name: 'limen_uploaded_bytes_total',
      help: 'Bytes of files received from people, whatever became of them',
      registers,
    });
  }

  callFinished(procedure: string, outcome: 'ok' | ErrorCode, seconds: number): void {
    this.#calls.observe({ procedure, outcome }, seconds);
  }

  streamOpened(procedure: string): () => void {
    this.#streams.inc({ procedure });
    return () => this.#streams.dec({ procedure });
  }

  uploadReceived(bytes: number): void {
    this.#uploadedBytes.inc(bytes);
  }

  observeSockets(count: () => SocketCounts): void {
    this.#registry.registerMetric(
      new Gauge({
        name: 'limen_sockets',
        help: 'Open WebSockets, by kind; a signed-in RPC socket is a desktop that has this host linked',
        labelNames: ['kind'],
        registers: [],
        collect() {
          const { rpc, consoles } = count();
          this.set({ kind: 'rpc-signed-in' }, rpc.signedIn);
          this.set({ kind: 'rpc-anonymous' }, rpc.anonymous);
          this.set({ kind: 'console' }, consoles);
        },
      }),
    );
  }

  observeServices({
    inventory,
    host,
    jobs,
    uploads,
  }: Pick<Services, 'inventory' | 'host' | 'jobs' | 'uploads'>): void {
    this.#observeJobs(jobs);
    this.#registry.registerMetric(
      new Gauge({
        name: 'limen_uploads',
        help: 'Uploads that still lack bytes',
        registers: [],
        collect() {
          this.set(uploads.countUnfinished());
        },
      }),
    );
    this.#registry.registerMetric(
      new Gauge({
        name: 'limen_machines',
        help: 'Machines, by state, as last known',
        labelNames: ['state'],
        registers: [],
        collect() {
          const counts = inventory.countByState();
          for (const state of machineState.options) this.set({ state }, counts.get(state) ?? 0);
        },
      }),
    );
    this.#registry.registerMetric(
      new Gauge({
        name: 'limen_dependency_up',
        help: '1 while the dependency answers',
        labelNames: ['dependency'],
        registers: [],
        async collect() {
          const { libvirt, database } = await host.health();
          this.set({ dependency: 'libvirt' }, Number(libvirt));
          this.set({ dependency: 'database' }, Number(database));
        },
      }),
    );
  }

  #observeJobs(jobs: Services['jobs']): void {
    this.#registry.registerMetric(
      new Gauge({
        name: 'limen_jobs',
        help: 'Unfinished jobs, by kind and state',
        labelNames: ['kind', 'state'],
        registers: [],
        collect() {
          this.reset();
          for (const { kind, state, count } of jobs.countUnfinished()) this.set({ kind, state }, count);
        },
      }),
    );
    const durations = new Histogram({
      name: 'limen_job_duration_seconds',
      help: 'Time from the first step of a job to its end, by kind and how it ended',
      labelNames: ['kind', 'state'],
      buckets: [0.5, 2, 10, 30, 120, 600, 1800, 7200],
      registers: [this.#registry],
    });
    this.#unsubscribe = jobs.onEnded((job) =>
      durations.observe({ kind: job.kind, state: job.state }, secondsOf(job)),
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  render(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#unsubscribe?.();
    this.#registry.clear();
  }
}

/** 0 for a job that was cancelled before it began. */
function secondsOf({ startedAt, finishedAt }: Job): number {
  if (startedAt === null || finishedAt === null) return 0;
  return Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
