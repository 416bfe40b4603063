import { machineId, snapshotKind } from '@limen/contract';
import { z } from 'zod';

/** What jobs of snapshots are asked: complete, so that a job does the same whenever it is taken up again. */

const path = z.string().startsWith('/');
const overlay = z.object({ target: z.string(), path });

export const takeArgs = z.object({
  machineId,
  plan: z.object({
    name: z.string(),
    description: z.string(),
    kind: snapshotKind,
    memoryFile: path.nullable(),
    overlays: z.array(overlay),
    quiesce: z.boolean(),
  }),
  /** What the machine was doing when it was asked for. */
  running: z.boolean(),
});
export type TakeArgs = z.infer<typeof takeArgs>;

export const revertArgs = z.object({
  machineId,
  name: z.string(),
  /** Taken first; null: the present is lost. */
  present: takeArgs.nullable(),
  /** Libvirt does it all, or nothing but starting. */
  byLibvirt: z.boolean(),
  /** Files the disks go on in, each on top of what the snapshot kept. */
  overlays: z.array(overlay.extend({ base: z.object({ path, format: z.enum(['raw', 'qcow2']) }) })),
  memory: z.boolean(),
  memoryFile: path.nullable(),
  paused: z.boolean(),
  start: z.boolean(),
});
export type RevertArgs = z.infer<typeof revertArgs>;

export const deleteArgs = z.object({
  machineId,
  /** Those taken on others first. */
  names: z.array(z.string()),
  /** libvirt starts a machine that is off, without letting it run, to merge its disks. */
  wasOff: z.boolean(),
});
export type DeleteArgs = z.infer<typeof deleteArgs>;
