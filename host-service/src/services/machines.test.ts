import { LimenError } from '@limen/contract';
import { beforeEach, expect, test } from 'vitest';
import {
  InMemoryHypervisor,
  InMemoryLogger,
  InMemoryOwnership,
  machineRecord,
  newMachineId,
  newUserId,
  principalOf,
} from '../../../tests/fixtures/in-memory-ports.ts';
import { Inventory } from './inventory/inventory.ts';
import { Machines } from './machines.ts';

let hypervisor: InMemoryHypervisor;
let inventory: Inventory;
let machines: Machines;

beforeEach(async () => {
  hypervisor = new InMemoryHypervisor();
  const ownership = new InMemoryOwnership();
  inventory = new Inventory({ hypervisor, ownership, logger: new InMemoryLogger() });
  machines = new Machines({ hypervisor, ownership, inventory });
  inventory.start();
  hypervisor.start();
  await new Promise(setImmediate);
  return () => inventory.close();
});

async function existing(change: Parameters<typeof machineRecord>[0] = {}) {
  const machine = machineRecord(change);
  hypervisor.machines.set(machine.id, machine);
  await inventory.refresh(machine.id);
  return machine;
}

test('power answers with the machine after it, which is published by then', async () => {
  const { id } = await existing();
  expect(await machines.power(id, 'start')).toMatchObject({ id, state: 'running' });
  expect(inventory.find(id)).toMatchObject({ state: 'running' });
});

test('the state is judged by libvirt, not by what was last published', async () => {
  const { id } = await existing({ state: 'running' });
  hypervisor.machines.set(id, machineRecord({ id, state: 'off' }));
  await expect(machines.power(id, 'shutdown')).rejects.toMatchObject({
    code: 'CONFLICT',
    data: { reason: 'wrong-state', state: 'off', allowed: ['start'] },
  });
  expect(await machines.power(id, 'start')).toMatchObject({ state: 'running' });
});

test('what libvirt refuses for another reason comes through as it is', async () => {
  const { id } = await existing();
  hypervisor.gate = async () => {
    throw new LimenError('HYPERVISOR_ERROR', { libvirtCode: 1, libvirtDomain: 10, detail: 'no network' });
  };
  await expect(machines.power(id, 'start')).rejects.toMatchObject({ code: 'HYPERVISOR_ERROR' });
});

test('without libvirt the last known state is no ground for a conflict', async () => {
  const { id } = await existing();
  hypervisor.setState('unavailable');
  await expect(machines.power(id, 'resume')).rejects.toMatchObject({ code: 'HYPERVISOR_UNAVAILABLE' });
  expect(() => machines.list(principalOf('administrator'))).toThrow(
    expect.objectContaining({ code: 'HYPERVISOR_UNAVAILABLE' }),
  );
});

test('a transient machine that was forced off is told as off', async () => {
  const { id } = await existing({ state: 'running', persistent: false });
  hypervisor.power = async () => {
    hypervisor.machines.delete(id);
  };
  expect(await machines.power(id, 'destroy')).toMatchObject({ id, state: 'off' });
  expect(inventory.find(id)).toBeUndefined();
});

test('an owner is stored, published and answered', async () => {
  const { id } = await existing();
  const owner = newUserId();
  expect(await machines.setOwner(id, owner)).toMatchObject({ owner: { id: owner } });
  expect(await machines.setOwner(id, null)).toMatchObject({ owner: null });
  await expect(machines.setOwner(newMachineId(), owner)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
