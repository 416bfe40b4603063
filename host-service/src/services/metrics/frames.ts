import type { MachineId, MetricsFrame } from '@limen/contract';
import { type CounterSample, hostCpuPercent, type MachineRates, machineRates } from './rates.ts';

/** The rates of all running machines over one tick, computed once for all subscribers. */
export interface Tick {
  readonly number: number;
  readonly at: number;
  readonly host: MetricsFrame['host'];
  readonly machines: ReadonlyMap<MachineId, MachineRates>;
}

/** Compare two samples. `before` is null at the first tick, whose rates are all gaps. */
export function computeTick(number: number, before: CounterSample | null, after: CounterSample): Tick {
  const elapsedMs = before ? after.takenAt - before.takenAt : 0;
  const machines = new Map<MachineId, MachineRates>();
  for (const [machineId, counters] of after.machines) {
    machines.set(machineId, machineRates(before?.machines.get(machineId), counters, elapsedMs));
  }
  const { memoryUsedBytes, memoryTotalBytes } = after.host;
  const cpuPercent = hostCpuPercent(before?.host, after.host);
  return {
    number,
    at: after.at,
    host: { cpuPercent, memoryUsedBytes, memoryTotalBytes },
    machines,
  };
}

/** The tick as columns, in the order of `machineIds`. */
export function toFrame(tick: Tick, machineIds: readonly MachineId[]): MetricsFrame {
  const column = (field: keyof MachineRates): (number | null)[] =>
    machineIds.map((machineId) => tick.machines.get(machineId)?.[field] ?? null);
  return {
    type: 'frame',
    at: tick.at,
    host: tick.host,
    cpuPercent: column('cpuPercent'),
    memoryUsedBytes: column('memoryUsedBytes'),
    diskReadBytesPerSecond: column('diskReadBytesPerSecond'),
    diskWriteBytesPerSecond: column('diskWriteBytesPerSecond'),
    networkReceiveBytesPerSecond: column('networkReceiveBytesPerSecond'),
    networkTransmitBytesPerSecond: column('networkTransmitBytesPerSecond'),
  };
}
