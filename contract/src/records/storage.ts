import { z } from 'zod';
import { machineId, type PoolId, poolId } from '../ids.ts';

const bytes = z.number().int().nonnegative();

/** libvirt's kinds of pools that LIMEN makes; pools of other kinds are shown all the same. */
export const poolType = z.enum(['dir', 'fs', 'netfs', 'logical', 'iscsi', 'rbd']);
export type PoolType = z.infer<typeof poolType>;

/** Whether pools of a kind can be made on a host, and if not, which packages would bring it. */
export const poolTypeSupport = z.object({
  type: poolType,
  supported: z.boolean(),
  /** Names of Debian's packages with the part of libvirt that is missing; empty where it is supported. */
  packages: z.array(z.string()),
});
export type PoolTypeSupport = z.infer<typeof poolTypeSupport>;

/** `virStoragePoolState`. */
export const poolState = z.enum(['inactive', 'building', 'running', 'degraded', 'inaccessible']);
export type PoolState = z.infer<typeof poolState>;

/**
 * Names of new pools and volumes. They become names of files and words of a command line: letters and digits of any
 * script and `_ . + - @`, not first. No longer than file systems take, whatever the script.
 */
export const storageName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.+@-]*$/u)
  .transform((text) => text.normalize('NFC'));

/** Name of a volume that is there, however other tools named it. */
export const volumeName = z
  .string()
  .min(1)
  .max(1024)
  // oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
  .regex(/^[^\u0000-\u001f\u007f]+$/u);

/** A place for volumes. Always complete. */
export const storagePool = z.object({
  id: poolId,
  name: z.string(),
  /** libvirt's word, also for kinds LIMEN makes none of. */
  type: z.string(),
  state: poolState,
  autostart: z.boolean(),
  /** libvirt keeps its definition when it is stopped. */
  persistent: z.boolean(),
  /** Where its volumes appear on the host; null where they do not. */
  path: z.string().nullable(),
  /** What its volumes are taken from, e.g. `nas:/export`, a volume group or a device; null for folders. */
  source: z.string().nullable(),
  /** Other hosts may have machines on it of which this one knows nothing. */
  shared: z.boolean(),
  /** The folder LIMEN itself keeps machines or images in; it cannot be stopped or deleted. */
  own: z.boolean(),
  /** Of the storage behind it; 0 while the pool does not run. */
  capacityBytes: bytes,
  allocatedBytes: bytes,
  availableBytes: bytes,
  /** What its volumes may grow to, together; null while the pool does not run. Beyond the capacity it is overcommitted. */
  promisedBytes: bytes.nullable(),
  volumeCount: z.number().int().nullable(),
  /** Of those, what nothing on this host refers to. */
  orphanCount: z.number().int().nullable(),
});
export type StoragePool = z.infer<typeof storagePool>;

/** Somebody who needs a volume: by a definition (the trash included), the library, a volume's header, or a job. */
export const volumeUser = z.object({
  kind: z.enum(['machine', 'image', 'volume', 'job']),
  name: z.string(),
  machineId: machineId.nullable(),
  /** Of machines. */
  running: z.boolean(),
  trashed: z.boolean(),
});
export type VolumeUser = z.infer<typeof volumeUser>;

/** A volume of a pool. Always complete. */
export const storageVolume = z.object({
  poolId,
  name: z.string(),
  /** `file`, `block`, `dir`, `network`, … */
  type: z.string(),
  path: z.string().nullable(),
  format: z.string().nullable(),
  /** What a guest sees. */
  capacityBytes: bytes,
  /** What it takes of the pool. */
  allocatedBytes: bytes,
  /** The file it shows through until written, as its header says. */
  backingPath: z.string().nullable(),
  encrypted: z.boolean(),
  modifiedAt: z.iso.datetime().nullable(),
  usedBy: z.array(volumeUser),
  /** Nothing on this host refers to it. It is never deleted for that. */
  orphan: z.boolean(),
});
export type StorageVolume = z.infer<typeof storageVolume>;

/** All volumes of a pool; none while it does not run. */
export const poolVolumes = z.object({ pool: storagePool, volumes: z.array(storageVolume) });
export type PoolVolumes = z.infer<typeof poolVolumes>;

const path = z
  .string()
  .max(4096)
  // oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
  .regex(/^\/[^\u0000-\u001f\u007f]*$/u);
const hostName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z0-9][A-Za-z0-9.:_-]*$/);
const port = z.number().int().min(1).max(65_535);
/** A name that libvirt hands to other programs. */
const word = z
  .string()
  .max(255)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.+:@-]*$/);

/** Of a user that the storage knows; the secret is one that libvirt has already. */
const poolAuth = z.object({ username: word, secretUuid: z.uuid() });

/** What a new pool is made of. */
export const poolSource = z.discriminatedUnion('type', [
  /** A folder of the host; made if it is not there. */
  z.object({ type: z.literal('dir'), path }),
  /** A file system on a device of the host, which is mounted. It is never formatted. */
  z.object({
    type: z.literal('fs'),
    path,
    device: path,
    format: z.enum(['auto', 'ext3', 'ext4', 'xfs', 'btrfs', 'vfat']).default('auto'),
  }),
  /** A folder of a server, which is mounted. */
  z.object({
    type: z.literal('netfs'),
    path,
    host: hostName,
    directory: path,
    format: z.enum(['nfs', 'cifs', 'glusterfs']).default('nfs'),
  }),
  /** A volume group that is there. */
  z.object({ type: z.literal('logical'), volumeGroup: word }),
  z.object({
    type: z.literal('iscsi'),
    host: hostName,
    port: port.optional(),
    target: word,
    auth: poolAuth.optional(),
  }),
  z.object({
    type: z.literal('rbd'),
    hosts: z
      .array(z.object({ name: hostName, port: port.optional() }))
      .min(1)
      .max(16),
    poolName: word,
    auth: poolAuth.optional(),
  }),
]);
export type PoolSource = z.infer<typeof poolSource>;

/** How much of a new volume is set aside at once. */
export const preallocation = z.enum(['none', 'metadata', 'full']);
export type Preallocation = z.infer<typeof preallocation>;

export const volumeFormat = z.enum(['qcow2', 'raw']);

/** How full a pool was. */
export const poolUsage = z.object({ at: z.iso.datetime(), allocatedBytes: bytes, capacityBytes: bytes });
export type PoolUsage = z.infer<typeof poolUsage>;

/** Path below which every host service hands out volumes as files, to administrators with their access token. */
export const VOLUMES_PATH = '/volumes';

/** Where a volume is fetched from. */
export function volumePath(pool: PoolId, name: string): string {
  return `${VOLUMES_PATH}/${pool}/${encodeURIComponent(name)}`;
}
