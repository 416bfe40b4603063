import { LimenError, type MachineId } from '@limen/contract';
import type { JobStep } from '../../ports/jobs.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { Ownership } from '../../ports/ownership.ts';
import type { Allocation, Reservations } from '../../ports/reservations.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Capacity } from './capacity.ts';

/** Nothing is recorded: names and places are in the jobs' arguments. */
export type NoState = Record<string, never>;

interface MakesMachine {
  readonly allocation: Allocation;
  readonly limited: boolean;
  readonly start: boolean;
}

export interface StepDependencies {
  readonly editor: MachineEditor;
  readonly reservations: Reservations;
  readonly capacity: Capacity;
  readonly ownership: Ownership;
  readonly inventory: Pick<Inventory, 'refresh' | 'setOwner'>;
}

/** The reservation was written with the job; a repeated job makes it again. */
export function reserveStep<A extends MakesMachine>({
  reservations,
  capacity,
}: StepDependencies): JobStep<A, NoState> {
  return {
    name: 'reserve',
    async run({ args }) {
      const { allocation, limited } = args;
      const host = await capacity.forReservation();
      await reservations.reserve({ allocations: [allocation], capacity: host, limited, jobs: [] });
    },
    undo: ({ args }) => reservations.release(args.allocation.machineId),
  };
}

/** Before the machine is there: its owner sees it from the first moment. */
export function ownerStep<A extends MakesMachine>({
  ownership,
  inventory,
}: StepDependencies): JobStep<A, NoState> {
  const give = async (machineId: MachineId, userId: Allocation['userId']): Promise<void> => {
    inventory.setOwner(machineId, await ownership.set(machineId, userId));
  };
  return {
    name: 'owner',
    run: ({ args }) => give(args.allocation.machineId, args.allocation.userId),
    undo: ({ args }) => give(args.allocation.machineId, null),
  };
}

export function startStep<A extends MakesMachine>({ editor }: StepDependencies): JobStep<A, NoState> {
  return {
    name: 'start',
    async run({ args }) {
      if (args.start) await editor.start(args.allocation.machineId);
    },
    undo: ({ args }) => ignoreMissing(editor.forceOff(args.allocation.machineId)),
  };
}

/** The inventory knows that it runs before its reservation stops to count. */
export function settleStep<A extends MakesMachine>({
  inventory,
  reservations,
}: StepDependencies): JobStep<A, NoState> {
  return {
    name: 'settle',
    async run({ args }) {
      await inventory.refresh(args.allocation.machineId);
      await reservations.settle(args.allocation.machineId);
    },
  };
}

/**
 * Force it off and remove its definition. It is out of the inventory before its reservation can be released: else it
 * could be entered anew as a machine that exists.
 */
export async function removeMachine(
  { editor, inventory }: Pick<StepDependencies, 'editor' | 'inventory'>,
  machineId: MachineId,
): Promise<void> {
  await editor.remove(machineId);
  await ignoreMissing(inventory.refresh(machineId));
}

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return LimenError.is(error, 'NOT_FOUND');
}
