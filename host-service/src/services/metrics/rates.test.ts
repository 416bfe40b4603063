import { expect, test } from 'vitest';
import { newMachineId } from '../../../../tests/fixtures/in-memory-ports.ts';
import type { MachineCounters } from '../../ports/hypervisor.ts';
import { hostCpuPercent, machineRates } from './rates.ts';

const zero: MachineCounters = {
  machineId: newMachineId(),
  cpuTimeNs: 0,
  vcpus: 2,
  memoryUsedBytes: 5,
  diskReadBytes: 0,
  diskWriteBytes: 0,
  networkReceiveBytes: 0,
  networkTransmitBytes: 0,
};

test('two samples make rates: per second, and CPU over all vCPUs', () => {
  const after = { ...zero, cpuTimeNs: 2e9, diskReadBytes: 4096, networkTransmitBytes: 10 };
  expect(machineRates(zero, after, 2_000)).toEqual({
    cpuPercent: 50,
    memoryUsedBytes: 5,
    diskReadBytesPerSecond: 2048,
    diskWriteBytesPerSecond: 0,
    networkReceiveBytesPerSecond: 0,
    networkTransmitBytesPerSecond: 5,
  });
});

test('the first sample is a gap, but memory is known', () => {
  expect(machineRates(undefined, zero, 0)).toMatchObject({
    cpuPercent: null,
    diskReadBytesPerSecond: null,
    memoryUsedBytes: 5,
  });
});

test('counters that went back (the machine restarted) are a gap, not a negative rate', () => {
  const before = { ...zero, cpuTimeNs: 9e9, diskReadBytes: 9999 };
  expect(machineRates(before, zero, 2_000)).toMatchObject({ cpuPercent: null, diskReadBytesPerSecond: null });
});

test('a counter QEMU does not give is a gap', () => {
  const after = { ...zero, diskReadBytes: null };
  expect(machineRates(zero, after, 2_000)).toMatchObject({
    diskReadBytesPerSecond: null,
    diskWriteBytesPerSecond: 0,
  });
});

test('the emulator’s own threads do not push a machine over 100', () => {
  expect(machineRates(zero, { ...zero, cpuTimeNs: 9e9 }, 2_000).cpuPercent).toBe(100);
});

test('host CPU is busy over total', () => {
  const host = { cpuBusyNs: 100, cpuTotalNs: 1000, memoryUsedBytes: 1, memoryTotalBytes: 2 };
  expect(hostCpuPercent(host, { ...host, cpuBusyNs: 350, cpuTotalNs: 2000 })).toBe(25);
  expect(hostCpuPercent(undefined, host)).toBeNull();
  expect(hostCpuPercent(host, host)).toBeNull();
});
