import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** One figure of a benchmark, beside the peer's for the same work where there is one. */
export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly limen: number;
  readonly peerName?: string;
  readonly peer?: number;
  /** Conditions on `limen` or `ratio`, e.g. `limen <= 50`, `ratio >= 1.1`; several joined by ` and `. */
  readonly budget: string;
  /** Smallest and largest sample. */
  readonly spread: readonly [number, number];
}

export interface Metric extends Measurement {
  readonly ratio?: number;
  readonly pass: boolean;
}

/** Whether a measurement keeps its budget. The one place that decides; throws on a budget it cannot read. */
export function keepsBudget(measurement: Pick<Measurement, 'limen' | 'peer' | 'budget'>): boolean {
  return measurement.budget.split(' and ').every((condition) => {
    const match = /^(limen|ratio) (<=|>=) (\d+(?:\.\d+)?)$/.exec(condition.trim());
    if (!match) throw new Error(`cannot read the budget “${condition}”`);
    const value = match[1] === 'limen' ? measurement.limen : ratioOf(measurement);
    if (value === undefined) throw new Error('a ratio budget needs a peer');
    const limit = Number(match[3]);
    return match[2] === '<=' ? value <= limit : value >= limit;
  });
}

function ratioOf(measurement: Pick<Measurement, 'limen' | 'peer'>): number | undefined {
  return measurement.peer === undefined ? undefined : measurement.limen / measurement.peer;
}

export interface Summary {
  readonly median: number;
  readonly p95: number;
  readonly spread: readonly [number, number];
}

/** Median, 95th percentile (nearest rank) and range of at least one sample. */
export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    if (value === undefined) throw new Error('no samples');
    return value;
  };
  return { median: rank(0.5), p95: rank(0.95), spread: [rank(0), rank(1)] };
}

/** Write `bench/results/<name>.json` in the format of docs/performance budgets and say what passed. */
export function writeResults(name: string, command: string, measurements: readonly Measurement[]): Metric[] {
  const metrics = measurements.map((measurement): Metric => {
    const ratio = ratioOf(measurement);
    return {
      ...measurement,
      limen: round(measurement.limen),
      spread: [round(measurement.spread[0]), round(measurement.spread[1])],
      ...(measurement.peer === undefined ? {} : { peer: round(measurement.peer) }),
      ...(ratio === undefined ? {} : { ratio: round(ratio) }),
      pass: keepsBudget(measurement),
    };
  });
  const folder = join(import.meta.dirname, '..', 'results');
  mkdirSync(folder, { recursive: true });
  const result = { command, date: new Date().toISOString(), machine: machine(), metrics };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  return metrics;
}

/** Say on standard output what was measured. */
export function printResults(metrics: readonly Metric[]): void {
  for (const metric of metrics) {
    const peer = metric.peer === undefined ? '' : `, ${metric.peerName ?? 'peer'}: ${round(metric.peer)}`;
    process.stdout.write(
      `${metric.pass ? 'pass' : 'FAIL'}  ${metric.name}: ${metric.limen} ${metric.unit} (${metric.budget}${peer})\n`,
    );
  }
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function machine(): string {
  const libvirt = versionOf('libvirtd', /(\d+\.\d+\.\d+)/);
  const qemu = versionOf('qemu-system-x86_64', /version (\d+\.\d+)/);
  const memory = Math.round(
    Number(/MemTotal:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) / 2 ** 20,
  );
  return `${cpus().length} vCPU, ${memory} GiB, Node ${process.versions.node}, libvirt ${libvirt}, QEMU ${qemu} TCG`;
}

function versionOf(program: string, pattern: RegExp): string {
  return pattern.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown';
}
