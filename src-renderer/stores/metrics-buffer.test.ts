import type { MachineId, MetricsFrame } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import { aMachineId } from '../test/records.ts';
import { METRICS_CAPACITY, MetricsBuffer } from './metrics-buffer.ts';

function frame(at: number, cpu: readonly (number | null)[]): MetricsFrame {
  const none = cpu.map(() => null);
  return {
    type: 'frame',
    at,
    host: { cpuPercent: at, memoryUsedBytes: 1, memoryTotalBytes: 2 },
    cpuPercent: [...cpu],
    memoryUsedBytes: [...none],
    diskReadBytesPerSecond: [...none],
    diskWriteBytesPerSecond: [...none],
    networkReceiveBytesPerSecond: [...none],
    networkTransmitBytesPerSecond: [...none],
  };
}

function layout(...machineIds: MachineId[]): {
  type: 'layout';
  machineIds: MachineId[];
} {
  return { type: 'layout', machineIds };
}

const [a, b] = [aMachineId(1), aMachineId(2)];

describe('metrics buffer', () => {
  it('keeps gaps as null, never as zero', () => {
    const buffer = new MetricsBuffer();
    expect(buffer.latest(a, 'cpuPercent')).toBeNull();
    buffer.receive(layout(a));
    buffer.receive(frame(1, [50]));
    buffer.receive(frame(2, [null]));
    expect(buffer.series(a, 'cpuPercent')).toEqual([50, null]);
    expect(buffer.latest(a, 'cpuPercent')).toBeNull();
  });

  it('keeps a machine’s history over a new layout, and drops who is gone', () => {
    const buffer = new MetricsBuffer();
    buffer.receive(layout(a, b));
    buffer.receive(frame(1, [10, 20]));
    buffer.receive(layout(b));
    buffer.receive(frame(2, [30]));
    expect(buffer.series(b, 'cpuPercent')).toEqual([20, 30]);
    expect(buffer.series(a, 'cpuPercent')).toEqual([]);
  });

  it('holds the last two minutes, oldest first', () => {
    const buffer = new MetricsBuffer();
    buffer.receive(layout(a));
    for (let at = 0; at < METRICS_CAPACITY + 10; at++) buffer.receive(frame(at, [at]));
    expect(buffer.times()[0]).toBe(10);
    expect(buffer.times()).toHaveLength(METRICS_CAPACITY);
    expect(buffer.latest(a, 'cpuPercent')).toBe(METRICS_CAPACITY + 9);
    expect(buffer.hostCpuSeries().at(-1)).toBe(METRICS_CAPACITY + 9);
  });

  it('shows no old turn of the ring for a machine that stopped being measured', () => {
    const buffer = new MetricsBuffer();
    buffer.receive(layout(a, b));
    for (let at = 0; at < METRICS_CAPACITY; at++) buffer.receive(frame(at, [1, 2]));
    buffer.receive(layout(b));
    buffer.receive(layout(a, b));
    buffer.receive(frame(999, [null, 2]));
    expect(buffer.series(a, 'cpuPercent').every((value) => value === null)).toBe(true);
  });
});
