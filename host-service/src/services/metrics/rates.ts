import type { MachineId } from '@limen/contract';
import type { HostCounters, MachineCounters } from '../../ports/hypervisor.ts';

/** All counters of one moment. `takenAt` is monotonic time in ms, `at` Unix time in ms. */
export interface CounterSample {
  readonly takenAt: number;
  readonly at: number;
  readonly host: HostCounters;
  readonly machines: ReadonlyMap<MachineId, MachineCounters>;
}

/** What a machine did between two samples. Null is a gap: not known, which is not the same as nothing. */
export interface MachineRates {
  readonly cpuPercent: number | null;
  readonly memoryUsedBytes: number | null;
  readonly diskReadBytesPerSecond: number | null;
  readonly diskWriteBytesPerSecond: number | null;
  readonly networkReceiveBytesPerSecond: number | null;
  readonly networkTransmitBytesPerSecond: number | null;
}

/** Rates of one machine; `before` is absent in its first sample. */
export function machineRates(
  before: MachineCounters | undefined,
  after: MachineCounters,
  elapsedMs: number,
): MachineRates {
  const perSecond = (counter: keyof MachineCounters & `${string}Bytes`): number | null => {
    const grown = growth(before?.[counter], after[counter]);
    return grown === null || elapsedMs <= 0 ? null : Math.round((grown * 1000) / elapsedMs);
  };
  const cpuNs = growth(before?.cpuTimeNs, after.cpuTimeNs);
  return {
    cpuPercent: cpuNs === null ? null : percent(cpuNs, elapsedMs * 1e6 * after.vcpus),
    memoryUsedBytes: after.memoryUsedBytes,
    diskReadBytesPerSecond: perSecond('diskReadBytes'),
    diskWriteBytesPerSecond: perSecond('diskWriteBytes'),
    networkReceiveBytesPerSecond: perSecond('networkReceiveBytes'),
    networkTransmitBytesPerSecond: perSecond('networkTransmitBytes'),
  };
}

/** 0–100 of all the host's cores; null in the first sample. */
export function hostCpuPercent(before: HostCounters | undefined, after: HostCounters): number | null {
  const busy = growth(before?.cpuBusyNs, after.cpuBusyNs);
  const total = growth(before?.cpuTotalNs, after.cpuTotalNs);
  return busy === null || total === null ? null : percent(busy, total);
}

/** A counter that went back was reset (the machine restarted): how much it grew is not known. */
function growth(before: number | null | undefined, after: number | null): number | null {
  if (before === null || before === undefined || after === null || after < before) return null;
  return after - before;
}

/** With one decimal. The emulator's own threads can push a guest past its vCPUs' time; the scale ends at 100. */
function percent(part: number, whole: number): number | null {
  if (whole <= 0) return null;
  return Math.round(Math.min(100, (part / whole) * 100) * 10) / 10;
}
