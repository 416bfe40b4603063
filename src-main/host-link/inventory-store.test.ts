import type { InventoryEvent, Machine, MachineId } from '@limen/contract';
import { expect, test } from 'vitest';
import { InventoryStore } from './inventory-store.ts';
import { EPOCH } from '../test-support/fake-host.ts';

const hypervisor = { state: 'connected' as const, since: '2026-01-01T00:00:00.000Z', detail: null };

function machine(n: number, name = `web-${n}`): Machine {
  const id = `d0000000-0000-4000-8000-00000000000${n}` as MachineId;
  return {
    id,
    name,
    title: null,
    description: null,
    state: 'running',
    stateReason: null,
    startedAt: null,
    persistent: true,
    autostart: false,
    accelerator: 'kvm',
    architecture: 'x86_64',
    machineType: 'q35',
    firmware: 'bios',
    vcpus: { current: 1, maximum: 1 },
    memory: { currentBytes: 1, maximumBytes: 1 },
    osId: null,
    disks: [],
    interfaces: [],
    consoles: { vnc: true, serial: true },
    owner: null,
    managed: true,
    tags: [],
    presetId: null,
    imageId: null,
    linkedTo: null,
    installing: false,
    trashed: null,
  };
}

const snapshot = (revision: number, ...machines: Machine[]): InventoryEvent => ({
  type: 'snapshot',
  epoch: EPOCH,
  revision,
  hypervisor,
  machines,
});

const changes = (revision: number, upserted: Machine[], removed: MachineId[] = []): InventoryEvent => ({
  type: 'changes',
  epoch: EPOCH,
  revision,
  hypervisor,
  upserted,
  removed,
});

test('a snapshot replaces everything, changes add and remove', () => {
  const store = new InventoryStore();
  store.apply(snapshot(1, machine(1), machine(2)));
  expect(store.apply(changes(2, [machine(3)], [machine(1).id]))).toBe('applied');
  expect(store.snapshot()?.machines.map(({ name }) => name)).toEqual(['web-2', 'web-3']);
  store.apply(snapshot(9, machine(4)));
  expect(store.snapshot()?.machines.map(({ name }) => name)).toEqual(['web-4']);
});

test('applying an event twice changes nothing, an old one late is ignored', () => {
  const store = new InventoryStore();
  store.apply(snapshot(1, machine(1)));
  const renamed = changes(3, [machine(1, 'db-1')]);
  store.apply(renamed);
  expect(store.apply(renamed)).toBe('applied');
  expect(store.apply(changes(2, [machine(1, 'old')]))).toBe('stale');
  expect(store.machine(machine(1).id)?.name).toBe('db-1');
  expect(store.position).toEqual({ epoch: EPOCH, revision: 3 });
});

test('changes of another epoch, or before any snapshot, are a gap and touch nothing', () => {
  const store = new InventoryStore();
  expect(store.apply(changes(1, [machine(1)]))).toBe('gap');
  expect(store.snapshot()).toBeNull();
  store.apply(snapshot(1, machine(1)));
  expect(store.apply({ ...changes(2, [machine(2)]), epoch: 'f0000000-0000-4000-8000-000000000001' })).toBe(
    'gap',
  );
  expect(store.snapshot()?.machines).toHaveLength(1);
});
