import {
  accelerator,
  diskBus,
  firmware,
  imageId,
  interfaceModel,
  machineChipset,
  machineId,
  machineNetwork,
  preset,
  userId,
  videoModel,
} from '@limen/contract';
import { z } from 'zod';

/** What jobs of machines are asked: complete, so that a job does the same whenever it is taken up again. */

const path = z.string().startsWith('/');
const diskFormat = z.enum(['raw', 'qcow2']);
const diskFile = z.object({ path, format: diskFormat });
const owner = z.object({ id: userId, username: z.string() }).nullable();

export const allocationArgs = z.object({
  machineId,
  name: z.string(),
  userId: userId.nullable(),
  vcpus: z.number(),
  memoryBytes: z.number(),
  diskBytes: z.number(),
  newDiskBytes: z.number(),
});

const planArgs = z.object({
  machineId,
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  presetId: z.string(),
  osId: z.string().nullable(),
  owner,
  imageId: imageId.nullable(),
  linked: z.boolean(),
  accelerator,
  vcpus: z.number(),
  memoryBytes: z.number(),
  chipset: machineChipset,
  firmware,
  secureBoot: z.boolean(),
  nvramPath: path,
  tpm: z.boolean(),
  clock: preset.shape.clock,
  hyperv: z.boolean(),
  disk: diskFile.extend({ bus: diskBus, directIo: z.boolean() }),
  media: z.array(z.object({ path: path.nullable() })),
  mediaBus: z.enum(['scsi', 'sata', 'ide']),
  installing: z.boolean(),
  network: machineNetwork,
  interfaceModel,
  mac: z.string(),
  videoModel,
});

/** How the first disk comes to be. */
const diskOrigin = z.discriminatedUnion('type', [
  z.object({ type: z.literal('empty'), virtualBytes: z.number() }),
  z.object({ type: z.literal('overlay'), base: diskFile, virtualBytes: z.number() }),
  z.object({ type: z.literal('copy'), from: diskFile, virtualBytes: z.number() }),
  /** It is there, and stays whatever happens. */
  z.object({ type: z.literal('attach') }),
]);
export type DiskOrigin = z.infer<typeof diskOrigin>;

export const seedFilesArgs = z.object({
  metaData: z.string(),
  userData: z.string(),
  networkConfig: z.string().nullable(),
});

export const createArgs = z.object({
  plan: planArgs,
  disk: diskOrigin,
  /** Where the seed goes, and its files ({@link seedFilesArgs}): sealed, since people write secrets into them. */
  seed: z
    .object({
      path,
      sealed: z.string(),
    })
    .nullable(),
  /** UEFI variables to begin with, if there are any; absent in jobs of an older version. */
  variablesFrom: path.nullable().default(null),
  allocation: allocationArgs,
  limited: z.boolean(),
  autostart: z.boolean(),
  start: z.boolean(),
});
export type CreateArgs = z.infer<typeof createArgs>;

export const cloneArgs = z.object({
  sourceId: machineId,
  sourceName: z.string(),
  /** What it was linked to before. */
  sourceLinkedTo: imageId.nullable(),
  machineId,
  name: z.string(),
  description: z.string().nullable(),
  owner,
  nvram: z.object({ from: path.nullable(), to: path }),
  /** Each disk of the source, and where its copy goes. */
  disks: z.array(
    z.object({ target: z.string(), from: diskFile.extend({ snapshot: z.string().optional() }), to: path }),
  ),
  /** As it was then; null: as it is now. Absent in jobs of an older version. */
  snapshot: z.string().nullable().default(null),
  /** Of a linked clone: what the source's disk becomes, by target; one image each, the first is the machine's. */
  bases: z.array(z.object({ target: z.string(), imageId, path, name: z.string() })),
  presetId: z.string().nullable(),
  macs: z.array(z.string()),
  allocation: allocationArgs,
  limited: z.boolean(),
  start: z.boolean(),
});
export type CloneArgs = z.infer<typeof cloneArgs>;

export const purgeArgs = z.object({
  machineId,
  name: z.string(),
  keepDisks: z.boolean(),
  alsoDelete: z.array(path),
});
export type PurgeArgs = z.infer<typeof purgeArgs>;

export const saveArgs = z.object({ machineId });
export type SaveArgs = z.infer<typeof saveArgs>;
export const diskMoveArgs = z.object({
  machineId,
  name: z.string(),
  target: z.string(),
  from: diskFile,
  to: diskFile,
  bytesPerSecond: z.number().nullable(),
});
export type DiskMoveArgs = z.infer<typeof diskMoveArgs>;

export const flattenArgs = z.object({ machineId, name: z.string() });
export type FlattenArgs = z.infer<typeof flattenArgs>;
