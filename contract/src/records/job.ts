import { z } from 'zod';
import { serializedError } from '../errors.ts';
import { imageId, jobId, machineId, userId } from '../ids.ts';

/** Everything that takes longer than about a second is a job of one of these kinds. */
export const jobKind = z.enum([
  'machine.create',
  'machine.clone',
  'machine.purge',
  'machine.flatten',
  'machine.save',
  'snapshot.create',
  'snapshot.revert',
  'snapshot.delete',
  'disk.move',
  'image.receive',
  'image.import',
  'image.template',
  'network.create',
  'volume.create',
  'volume.clone',
  'volume.wipe',
  'volume.upload',
]);
export type JobKind = z.infer<typeof jobKind>;

/** By which the desktop's texts know them: in a key of a text a dot would be a step down. */
export const jobTextName = {
  'machine.create': 'machineCreate',
  'machine.clone': 'machineClone',
  'machine.purge': 'machinePurge',
  'machine.flatten': 'machineFlatten',
  'machine.save': 'machineSave',
  'snapshot.create': 'snapshotCreate',
  'snapshot.revert': 'snapshotRevert',
  'snapshot.delete': 'snapshotDelete',
  'disk.move': 'diskMove',
  'image.receive': 'imageReceive',
  'image.import': 'imageImport',
  'image.template': 'imageTemplate',
  'network.create': 'networkCreate',
  'volume.create': 'volumeCreate',
  'volume.clone': 'volumeClone',
  'volume.wipe': 'volumeWipe',
  'volume.upload': 'volumeUpload',
} as const satisfies Record<JobKind, string>;

/**
 * `undoing`: a step failed or the job was cancelled, and what was done is being taken back. `failed` and `cancelled`
 * come only after that, so that nothing of the job is left in any of the last three.
 */
export const jobState = z.enum(['queued', 'running', 'undoing', 'done', 'failed', 'cancelled']);
export type JobState = z.infer<typeof jobState>;

export function isFinished(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** Long work as it stands. Always complete, so applying one twice is harmless. */
export const job = z.object({
  id: jobId,
  kind: jobKind,
  state: jobState,
  /** What it works on: the name for its title, ids of what exists or will exist. */
  subject: z.object({
    name: z.string(),
    machineId: machineId.nullable(),
    imageId: imageId.nullable(),
  }),
  /** The step it is at (of `count`), by its stable name, e.g. `disk`; null before the first and after the last. */
  step: z.object({ name: z.string(), index: z.number().int(), count: z.number().int() }).nullable(),
  /** Of the whole job, 0–1; null while it cannot be known. */
  fraction: z.number().min(0).max(1).nullable(),
  /** Of the present step, where its size is known. */
  bytes: z.object({ done: z.number(), total: z.number() }).nullable(),
  /** Asked to stop; it does at the next moment it can, and undoes. */
  cancelRequested: z.boolean(),
  /** Why it failed, or why the present attempt waits to be repeated. */
  error: serializedError.nullable(),
  createdBy: z.object({ id: userId, username: z.string() }).nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Job = z.infer<typeof job>;

export const jobLogLine = z.object({ at: z.iso.datetime(), text: z.string() });
export type JobLogLine = z.infer<typeof jobLogLine>;

/** First a snapshot of what the caller may see (unfinished and recent ones), then changes as they happen. */
export const jobsEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), jobs: z.array(job) }),
  z.object({ type: z.literal('changes'), upserted: z.array(job), removed: z.array(jobId) }),
]);
export type JobsEvent = z.infer<typeof jobsEvent>;
