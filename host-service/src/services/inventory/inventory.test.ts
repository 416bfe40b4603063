import { type InventoryEvent, LimenError, type Machine } from '@limen/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Deferred, deferred } from '../../../../tests/fixtures/deferred.ts';
import {
  InMemoryHypervisor,
  InMemoryLogger,
  InMemoryOwnership,
  machineRecord,
  newMachineId,
  principalOf,
} from '../../../../tests/fixtures/in-memory-ports.ts';
import { Inventory } from './inventory.ts';

let hypervisor: InMemoryHypervisor;
let ownership: InMemoryOwnership;
let inventory: Inventory;
let stop: AbortController;
const administrator = principalOf('administrator');
const ada = principalOf('user', { username: 'ada' });

beforeEach(() => {
  hypervisor = new InMemoryHypervisor();
  ownership = new InMemoryOwnership();
  inventory = new Inventory({ hypervisor, ownership, logger: new InMemoryLogger(), retryMs: 1 });
  stop = new AbortController();
});

afterEach(() => {
  stop.abort();
  inventory.close();
});

function watch(principal = administrator, since?: { epoch: string; revision: number }) {
  const events = inventory.watch(principal, since, stop.signal);
  return async (): Promise<InventoryEvent> => {
    const { value } = await events.next();
    if (!value) throw new Error('the stream ended');
    return value;
  };
}

async function started(): Promise<void> {
  inventory.start();
  const next = watch();
  hypervisor.start();
  while ((await next()).hypervisor.state !== 'connected');
}

test('is connected only once the machines behind it are known', async () => {
  const machine = machineRecord();
  hypervisor.machines.set(machine.id, machine);
  inventory.start();
  const next = watch();
  expect(await next()).toMatchObject({ type: 'snapshot', machines: [], hypervisor: { state: 'connecting' } });
  hypervisor.start();
  expect(await next()).toMatchObject({
    type: 'changes',
    upserted: [{ ...machine, owner: null }],
    hypervisor: { state: 'connected' },
  });
});

test('an event leads to one read and one change', async () => {
  await started();
  const next = watch();
  await next();
  const machine = machineRecord();
  hypervisor.put(machine);
  expect(await next()).toMatchObject({ type: 'changes', upserted: [{ id: machine.id }], removed: [] });
  hypervisor.put({ ...machine, state: 'running' });
  expect(await next()).toMatchObject({ upserted: [{ id: machine.id, state: 'running' }] });
  hypervisor.remove(machine.id);
  expect(await next()).toMatchObject({ upserted: [], removed: [machine.id] });
});

test('a storm of events for one machine costs two reads, the last after the last event', async () => {
  await started();
  const machine = machineRecord();
  const gates: Deferred[] = [];
  hypervisor.gate = () => {
    const gate = deferred();
    gates.push(gate);
    return gate.promise;
  };
  hypervisor.machines.set(machine.id, machine);
  for (let i = 0; i < 50; i += 1) hypervisor.announce(machine.id);
  await Promise.resolve();
  const newest = { ...machine, name: 'renamed' };
  hypervisor.machines.set(machine.id, newest);
  const last = inventory.refresh(machine.id);
  gates[0]?.resolve();
  await new Promise(setImmediate);
  gates[1]?.resolve();
  expect(await last).toMatchObject({ name: 'renamed' });
  expect(hypervisor.calls.filter((call) => call === 'get')).toHaveLength(2);
});

test('a failed read keeps the record, and is tried again', async () => {
  await started();
  const machine = machineRecord();
  const next = watch();
  await next();
  hypervisor.put(machine);
  await next();
  let failures = 1;
  let keptMeanwhile: Machine | undefined;
  hypervisor.gate = async () => {
    failures -= 1;
    if (failures >= 0) throw new LimenError('TIMEOUT', { afterSeconds: 1 });
    keptMeanwhile = inventory.find(machine.id);
  };
  hypervisor.put({ ...machine, state: 'running' });
  expect(await next()).toMatchObject({ upserted: [{ id: machine.id, state: 'running' }] });
  expect(keptMeanwhile).toMatchObject({ state: 'off' });
});

test('a lost connection keeps all records; the next one compares', async () => {
  const kept = machineRecord();
  const gone = machineRecord();
  hypervisor.machines.set(kept.id, kept).set(gone.id, gone);
  await started();
  const next = watch();
  expect(await next()).toMatchObject({ type: 'snapshot', machines: { length: 2 } });
  hypervisor.setState('unavailable', 'connection refused');
  expect(await next()).toMatchObject({ upserted: [], removed: [], hypervisor: { state: 'unavailable' } });
  hypervisor.machines.delete(gone.id);
  hypervisor.setState('connected');
  expect(await next()).toMatchObject({
    upserted: [],
    removed: [gone.id],
    hypervisor: { state: 'connected' },
  });
});

test('a list that is older than an event does not undo it', async () => {
  await started();
  const machine = machineRecord();
  const next = watch();
  await next();
  hypervisor.put(machine);
  await next();
  const list = deferred();
  hypervisor.gate = (call) => (call === 'list' ? list.promise : Promise.resolve());
  hypervisor.setState('connected');
  hypervisor.put({ ...machine, state: 'running' });
  expect(await next()).toMatchObject({ upserted: [{ state: 'running' }] });
  list.resolve();
  await new Promise(setImmediate);
  expect(inventory.find(machine.id)).toMatchObject({ state: 'running' });
});

test('a position in the log is resumed with what changed since, any other gets a snapshot', async () => {
  await started();
  const [first, second] = [machineRecord(), machineRecord()];
  const next = watch();
  const position = await next();
  hypervisor.put(first);
  await next();
  hypervisor.put(second);
  await next();
  hypervisor.remove(first.id);
  await next();
  expect(await watch(administrator, position)()).toMatchObject({
    type: 'changes',
    upserted: [{ id: second.id }],
    removed: [first.id],
  });
  expect(await watch(administrator, { ...position, epoch: newMachineId() })()).toMatchObject({
    type: 'snapshot',
  });
  expect(await watch(administrator, { ...position, revision: 9999 })()).toMatchObject({ type: 'snapshot' });
});

test('resuming where nothing happened says so at once', async () => {
  await started();
  const position = await watch()();
  expect(await watch(administrator, position)()).toMatchObject({
    type: 'changes',
    upserted: [],
    removed: [],
  });
});

test('a slow consumer gets each machine once, as it is now', async () => {
  await started();
  const next = watch();
  await next();
  const machine = machineRecord();
  for (let i = 0; i < 20; i += 1) {
    hypervisor.machines.set(machine.id, { ...machine, name: `name-${i}` });
    await inventory.refresh(machine.id);
  }
  expect(await next()).toMatchObject({ type: 'changes', upserted: [{ name: 'name-19' }] });
});

test('a user sees their own machines only, and hears when one is given or taken', async () => {
  const [mine, other] = [machineRecord(), machineRecord()];
  hypervisor.machines.set(mine.id, mine).set(other.id, other);
  ownership.owners.set(mine.id, { id: ada.userId, username: 'ada' });
  await started();
  const next = watch(ada);
  expect(await next()).toMatchObject({
    type: 'snapshot',
    machines: [{ id: mine.id, owner: { username: 'ada' } }],
  });
  hypervisor.put({ ...other, state: 'running' });
  await inventory.refresh(other.id);
  inventory.setOwner(other.id, { id: ada.userId, username: 'ada' });
  expect(await next()).toMatchObject({ upserted: [{ id: other.id, state: 'running' }], removed: [] });
  inventory.setOwner(mine.id, null);
  expect(await next()).toMatchObject({ upserted: [], removed: [mine.id] });
  hypervisor.remove(mine.id);
  await expect(inventory.refresh(mine.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  hypervisor.remove(other.id);
  // Not a word of `mine`, which was somebody else's when it went.
  expect(await next()).toMatchObject({ removed: [other.id] });
  expect(inventory.list(ada)).toEqual([]);
});

test('a stream ends when its signal aborts', async () => {
  await started();
  const events = inventory.watch(administrator, undefined, stop.signal);
  await events.next();
  const end = events.next();
  stop.abort();
  expect(await end).toEqual({ done: true, value: undefined });
});
