import { z } from 'zod';
import { machineId } from '../ids.ts';
import { machineDescription } from './creation.ts';

/** libvirt and QEMU both keep it as the snapshot's own name; no path, no option, no line end. */
export const snapshotName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_ .,:+()#@-]*$/u)
  .transform((text) => text.normalize('NFC'));

/** As a host names one: other tools allow more in a name than LIMEN does. */
export const knownSnapshotName = z.string().min(1).max(1024);

/**
 * Where its data is. `internal`: inside the machine's qcow2 files, memory too. `external`: the disks as they were
 * become read-only, and the machine goes on in new files on top of them.
 */
export const snapshotKind = z.enum(['internal', 'external']);
export type SnapshotKind = z.infer<typeof snapshotKind>;

/** What the machine was doing then; `disk-only`: it ran, and only its disks were kept, as after a power cut. */
export const snapshotState = z.enum(['running', 'paused', 'off', 'disk-only']);
export type SnapshotState = z.infer<typeof snapshotState>;

/**
 * Why something cannot be done with snapshots, known before trying.
 *
 * On taking one: `transient` libvirt forgets the machine when it stops; `no-disks` nothing is writable; `raw-disk`
 * only qcow2 holds snapshots inside itself; `remote-disk` a disk is no file of this host; `shared-disk` other machines
 * may write to a disk; `uefi-variables` libvirt keeps no UEFI variables in internal ones; `host-device` and
 * `shared-folder` have a state that cannot be kept; `memory-only-while-running`; `memory-needed` internal ones of a
 * running machine have its memory; `saved` it has saved memory, which belongs to the disks as they are; `busy` a disk is
 * being copied or merged; `no-space` the host's disk could not take the memory; `wrong-state` it is neither on nor off;
 * `other-kind` it has snapshots of the other kind.
 *
 * On reverting and deleting: `too-old` libvirt cannot do that; `branches` others, named, rest on its disks
 * and must go first; `files-missing`; `unsupported` it was made in a way only the tool that made it knows.
 */
export const snapshotRefusal = z.object({
  reason: z.enum([
    'transient',
    'no-disks',
    'raw-disk',
    'remote-disk',
    'shared-disk',
    'uefi-variables',
    'host-device',
    'shared-folder',
    'memory-only-while-running',
    'memory-needed',
    'saved',
    'busy',
    'no-space',
    'wrong-state',
    'other-kind',
    'too-old',
    'branches',
    'files-missing',
    'unsupported',
  ]),
  /** Disks, devices, files or snapshots in the way, by name. */
  names: z.array(z.string()),
});
export type SnapshotRefusal = z.infer<typeof snapshotRefusal>;

export const snapshot = z.object({
  name: knownSnapshotName,
  description: z.string(),
  createdAt: z.iso.datetime(),
  /** Name of the one it was taken on; null for the first. */
  parent: z.string().nullable(),
  /** The machine goes on from this one. */
  current: z.boolean(),
  kind: snapshotKind,
  state: snapshotState,
  /** Reverting brings back what ran. */
  memory: z.boolean(),
  /** What it takes on the host alone, as far as that can be told apart; null: unknown. */
  sizeBytes: z.number().int().nullable(),
  /** A picture of the screen at that moment is kept. */
  hasPicture: z.boolean(),
  /** Why the machine cannot go back to it; null: it can. */
  revertRefusal: snapshotRefusal.nullable(),
  /** Why it cannot be deleted by itself; null: it can. */
  deleteRefusal: snapshotRefusal.nullable(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** One way to take a snapshot now; possible when nothing speaks against it. */
export const snapshotOption = z.object({
  kind: snapshotKind,
  memory: z.boolean(),
  refusals: z.array(snapshotRefusal),
});
export type SnapshotOption = z.infer<typeof snapshotOption>;

/** The snapshots of a machine and what may be done. Always complete, so applying it twice is harmless. */
export const snapshotTree = z.object({
  machineId,
  /** Oldest first; a parent comes before what was taken on it. */
  snapshots: z.array(snapshot),
  /** All ways there are, the best first. */
  options: z.array(snapshotOption),
  /** The guest's agent answers: it can be asked to write everything to its disks first. */
  canQuiesce: z.boolean(),
});
export type SnapshotTree = z.infer<typeof snapshotTree>;

export const newSnapshot = z.object({
  machineId,
  name: snapshotName,
  description: machineDescription.default(''),
  /** With what runs. Which kind it becomes follows from the machine. */
  memory: z.boolean(),
  /** Have the agent freeze the guest's file systems meanwhile; only without memory. Refused where no agent answers. */
  quiesce: z.boolean().default(false),
});

export const revertRequest = z.object({
  machineId,
  name: knownSnapshotName,
  /** Take a snapshot of the present first, under this name. */
  presentAs: snapshotName.optional(),
  /** Start the machine where the snapshot has no memory to go on with. */
  start: z.boolean().default(false),
});

/** As it was taken from the screen. */
export const snapshotPicture = z.object({ mediaType: z.literal('image/png'), base64: z.string() });
export type SnapshotPicture = z.infer<typeof snapshotPicture>;
