import { LimenError, type Machine, type MachineId } from '@limen/contract';
import type { Inventory } from './inventory/inventory.ts';

export function machineNotFound(id: MachineId): LimenError<'NOT_FOUND'> {
  return new LimenError('NOT_FOUND', { kind: 'machine', id });
}

/** A machine that something may be done with. Throws `NOT_FOUND`, or `CONFLICT` (`in-trash`). */
export function requireMachine(inventory: Pick<Inventory, 'find'>, machineId: MachineId): Machine {
  const machine = inventory.find(machineId);
  if (machine === undefined) throw machineNotFound(machineId);
  if (machine.trashed !== null) throw new LimenError('CONFLICT', { reason: 'in-trash' });
  return machine;
}
