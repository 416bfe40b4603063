import type { ParamValue } from 'node-libvirt';
import { expect, test } from 'vitest';
import { machineCounters } from './counters.ts';

const uuid = '0b6d2f0e-2f7a-4c0e-9d0c-3a4f6f0f1a2b';

function counters(stats: Record<string, ParamValue>) {
  return machineCounters({ domain: { name: 'm', uuid, id: 1 }, stats: new Map(Object.entries(stats)) });
}

test('devices are summed, and the guest’s own view of its memory is preferred', () => {
  expect(
    counters({
      'cpu.time': 5e9,
      'vcpu.current': 2,
      'balloon.current': 1024,
      'balloon.unused': 256,
      'balloon.rss': 4096,
      'block.count': 3,
      'block.0.rd.bytes': 10,
      'block.0.wr.bytes': 1,
      // An empty drive has no counters.
      'block.1.name': 'sda',
      'block.2.rd.bytes': 5,
      'block.2.wr.bytes': 2,
      'net.count': 1,
      'net.0.rx.bytes': 7,
      'net.0.tx.bytes': 8,
    }),
  ).toEqual({
    machineId: uuid,
    cpuTimeNs: 5e9,
    vcpus: 2,
    memoryUsedBytes: 768 * 1024,
    diskReadBytes: 15,
    diskWriteBytes: 3,
    networkReceiveBytes: 7,
    networkTransmitBytes: 8,
  });
});

test('a process larger than its guest counts as a full guest, not as more than that', () => {
  expect(counters({ 'balloon.current': 1024, 'balloon.rss': 4096 })).toMatchObject({
    memoryUsedBytes: 1024 * 1024,
  });
});

test('what QEMU did not say is null, but no devices means no traffic', () => {
  expect(counters({ 'balloon.rss': 2, 'net.count': 0, 'block.count': 1 })).toMatchObject({
    cpuTimeNs: null,
    vcpus: 1,
    memoryUsedBytes: 2048,
    diskReadBytes: null,
    networkReceiveBytes: 0,
  });
  expect(counters({})).toMatchObject({
    memoryUsedBytes: null,
    diskWriteBytes: null,
    networkTransmitBytes: null,
  });
});
