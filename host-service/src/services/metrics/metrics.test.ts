import type { MachineId, MetricsEvent } from '@limen/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  InMemoryHypervisor,
  InMemoryLogger,
  machineRecord,
  principalOf,
} from '../../../../tests/fixtures/in-memory-ports.ts';
import type { MachineCounters } from '../../ports/hypervisor.ts';
import { Metrics } from './metrics.ts';

const administrator = principalOf('administrator');
const ada = principalOf('user');
let hypervisor: InMemoryHypervisor;
let metrics: Metrics;
let stop: AbortController;
const owners = new Map<MachineId, { id: typeof ada.userId; username: string }>();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  hypervisor = new InMemoryHypervisor();
  hypervisor.start();
  owners.clear();
  const find = (id: MachineId) => ({ ...machineRecord({ id }), owner: owners.get(id) ?? null });
  metrics = new Metrics({ hypervisor, inventory: { find }, logger: new InMemoryLogger() });
  stop = new AbortController();
});

afterEach(() => {
  stop.abort();
  vi.useRealTimers();
});

function counters(id: MachineId, cpuTimeNs: number): MachineCounters {
  return {
    machineId: id,
    cpuTimeNs,
    vcpus: 1,
    memoryUsedBytes: 7,
    diskReadBytes: null,
    diskWriteBytes: null,
    networkReceiveBytes: null,
    networkTransmitBytes: null,
  };
}

function watch(principal = administrator): () => Promise<MetricsEvent> {
  const events = metrics.watch(principal, stop.signal);
  return async () => {
    const { value } = await events.next();
    if (!value) throw new Error('the stream ended');
    return value;
  };
}

async function tick(): Promise<void> {
  await vi.advanceTimersByTimeAsync(2_000);
}

test('the layout once, then a frame a tick, in its order', async () => {
  const id = machineRecord().id;
  hypervisor.counters = [counters(id, 0)];
  const next = watch();
  expect(await next()).toEqual({ type: 'layout', machineIds: [id] });
  expect(await next()).toMatchObject({ type: 'frame', cpuPercent: [null], memoryUsedBytes: [7] });
  hypervisor.counters = [counters(id, 1e9)];
  await tick();
  expect(await next()).toMatchObject({ type: 'frame', cpuPercent: [50] });
});

test('a machine that starts brings a new layout', async () => {
  const next = watch();
  expect(await next()).toEqual({ type: 'layout', machineIds: [] });
  expect(await next()).toMatchObject({ cpuPercent: [] });
  const id = machineRecord().id;
  hypervisor.counters = [counters(id, 5)];
  await tick();
  expect(await next()).toEqual({ type: 'layout', machineIds: [id] });
  expect(await next()).toMatchObject({ cpuPercent: [null] });
});

test('users get columns of their own machines', async () => {
  const [mine, other] = [machineRecord().id, machineRecord().id];
  owners.set(mine, { id: ada.userId, username: 'ada' });
  hypervisor.counters = [counters(mine, 0), counters(other, 0)];
  const next = watch(ada);
  expect(await next()).toEqual({ type: 'layout', machineIds: [mine] });
});

test('a slow consumer skips to the newest frame', async () => {
  const next = watch();
  await next();
  await next();
  for (let i = 0; i < 5; i += 1) await tick();
  const late = await next();
  expect(late).toMatchObject({ type: 'frame', at: Date.now() });
});

test('all watchers share one call a tick, and without a watcher there is none', async () => {
  const [first, second] = [watch(), watch(ada)];
  await Promise.all([first(), second()]);
  await tick();
  expect(hypervisor.calls.filter((call) => call === 'counters')).toHaveLength(2);
  const pending = [first(), first(), second(), second()].map((next) => next.catch(() => null));
  stop.abort();
  await Promise.all(pending);
  await tick();
  await tick();
  expect(hypervisor.calls.filter((call) => call === 'counters')).toHaveLength(2);
});

test('no connection is a gap, and the frame after it covers the whole time', async () => {
  const id = machineRecord().id;
  hypervisor.counters = [counters(id, 0)];
  const next = watch();
  await next();
  await next();
  hypervisor.setState('unavailable');
  await tick();
  hypervisor.setState('connected');
  hypervisor.counters = [counters(id, 1e9)];
  await tick();
  expect(await next()).toMatchObject({ type: 'frame', cpuPercent: [25] });
});
