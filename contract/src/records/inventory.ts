import { z } from 'zod';
import { machineId } from '../ids.ts';
import { machine } from './machine.ts';

/** Whether the host service has libvirt. While it has not, machine records are the last known, not the truth. */
export const hypervisorStatus = z.object({
  state: z.enum(['connecting', 'connected', 'unavailable']),
  since: z.iso.datetime(),
  detail: z.string().nullable(),
});
export type HypervisorStatus = z.infer<typeof hypervisorStatus>;

/** Where a subscriber stands. Another epoch (the service restarted) or too old a revision gets a snapshot. */
export const inventoryPosition = z.object({
  epoch: z.uuid(),
  revision: z.number().int().nonnegative(),
});
export type InventoryPosition = z.infer<typeof inventoryPosition>;

/**
 * One step of the sync protocol. Records are complete, so applying one twice is harmless. `revision` is that
 * of the state after the step.
 */
export const inventoryEvent = z.discriminatedUnion('type', [
  inventoryPosition.extend({
    type: z.literal('snapshot'),
    hypervisor: hypervisorStatus,
    machines: z.array(machine),
  }),
  inventoryPosition.extend({
    type: z.literal('changes'),
    hypervisor: hypervisorStatus,
    upserted: z.array(machine),
    removed: z.array(machineId),
  }),
]);
export type InventoryEvent = z.infer<typeof inventoryEvent>;
