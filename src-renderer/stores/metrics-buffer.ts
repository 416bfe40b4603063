import type { MachineId, MetricsEvent, MetricsFrame } from '@limen/contract';

/** Two minutes at one frame a second, and both ends of the window. */
export const METRICS_CAPACITY = 121;

export type MetricName =
  | 'cpuPercent'
  | 'memoryUsedBytes'
  | 'diskReadBytesPerSecond'
  | 'diskWriteBytesPerSecond'
  | 'networkReceiveBytesPerSecond'
  | 'networkTransmitBytesPerSecond';

const names: readonly MetricName[] = [
  'cpuPercent',
  'memoryUsedBytes',
  'diskReadBytesPerSecond',
  'diskWriteBytesPerSecond',
  'networkReceiveBytesPerSecond',
  'networkTransmitBytesPerSecond',
];

export type HostSample = MetricsFrame['host'];

/** Rings of one host. Gaps are NaN inside and null outside, never zero. Float32 keeps 5,000 machines in 15 MB. */
export class MetricsBuffer {
  #layout: readonly MachineId[] = [];
  readonly #machines = new Map<MachineId, Record<MetricName, Float32Array>>();
  readonly #times = new Float64Array(METRICS_CAPACITY);
  readonly #hostCpu = ring();
  #host: HostSample | undefined;
  #head = -1;
  #count = 0;

  receive(event: MetricsEvent): void {
    if (event.type === 'layout') this.#setLayout(event.machineIds);
    else this.#push(event);
  }

  /** The newest host sample. */
  get host(): HostSample | undefined {
    return this.#host;
  }

  /** The newest figure of a machine; null is a gap or a machine without metrics. */
  latest(id: MachineId, name: MetricName): number | null {
    const value = this.#count === 0 ? undefined : this.#machines.get(id)?.[name][this.#head];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  /** Oldest first, as long as {@link times}. */
  series(id: MachineId, name: MetricName): readonly (number | null)[] {
    const values = this.#machines.get(id)?.[name];
    return values ? this.#unroll(values) : [];
  }

  hostCpuSeries(): readonly (number | null)[] {
    return this.#unroll(this.#hostCpu);
  }

  /** Unix times in ms, oldest first. */
  times(): readonly number[] {
    return this.#unroll(this.#times).map((time) => time ?? 0);
  }

  #setLayout(ids: readonly MachineId[]): void {
    this.#layout = ids;
    const present = new Set(ids);
    for (const id of this.#machines.keys()) if (!present.has(id)) this.#machines.delete(id);
    for (const id of ids) if (!this.#machines.has(id)) this.#machines.set(id, emptyRings());
  }

  #push(frame: MetricsFrame): void {
    this.#head = (this.#head + 1) % METRICS_CAPACITY;
    this.#count = Math.min(this.#count + 1, METRICS_CAPACITY);
    this.#times[this.#head] = frame.at;
    this.#host = frame.host;
    this.#hostCpu[this.#head] = frame.host.cpuPercent ?? Number.NaN;
    for (const [index, id] of this.#layout.entries()) {
      const rings = this.#machines.get(id);
      if (!rings) continue;
      for (const name of names) rings[name][this.#head] = frame[name][index] ?? Number.NaN;
    }
  }

  #unroll(values: Float32Array | Float64Array): (number | null)[] {
    const result: (number | null)[] = [];
    for (let age = this.#count - 1; age >= 0; age--) {
      const value = values[(this.#head - age + METRICS_CAPACITY) % METRICS_CAPACITY];
      result.push(value === undefined || Number.isNaN(value) ? null : value);
    }
    return result;
  }
}

function ring(): Float32Array {
  return new Float32Array(METRICS_CAPACITY).fill(Number.NaN);
}

function emptyRings(): Record<MetricName, Float32Array> {
  return {
    cpuPercent: ring(),
    memoryUsedBytes: ring(),
    diskReadBytesPerSecond: ring(),
    diskWriteBytesPerSecond: ring(),
    networkReceiveBytesPerSecond: ring(),
    networkTransmitBytesPerSecond: ring(),
  };
}
