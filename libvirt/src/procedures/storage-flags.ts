/** `virConnectListAllStoragePoolsFlags`; 0 lists all. */
export const ListPools = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
} as const;

/** `virStoragePoolBuildFlags`, and `virStoragePoolCreateFlags` as {@link PoolBuildFlag.create}. */
export const PoolBuildFlag = {
  new: 0,
  repair: 1,
  resize: 2,
  noOverwrite: 4,
  overwrite: 8,
  /** For `create` and `createXml`: build it too, as `new` does. */
  create: 1,
} as const;

/** `virStoragePoolDeleteFlags`. */
export const PoolDeleteFlag = {
  normal: 0,
  /** Fill the storage with zeros. */
  zeroed: 1,
} as const;

/** `virStoragePoolState`. */
export const PoolState = { inactive: 0, building: 1, running: 2, degraded: 3, inaccessible: 4 } as const;

/** `virStorageVolType`. */
export const VolumeType = { file: 0, block: 1, dir: 2, network: 3, netdir: 4, ploop: 5 } as const;

/** `virStorageVolCreateFlags`. */
export const VolumeCreateFlag = {
  /** Allocate qcow2's metadata at once. */
  preallocateMetadata: 1,
  /** Copy-on-write of the source's blocks, where the file system can; fails where it cannot. */
  reflink: 2,
  validate: 4,
} as const;

/** `virStorageVolResizeFlags`. */
export const VolumeResizeFlag = {
  /** Allocate what is gained. */
  allocate: 1,
  /** `capacity` is by how much rather than to what. */
  delta: 2,
  /** Without it a smaller capacity is refused. */
  shrink: 4,
} as const;

/** `virStorageVolDeleteFlags`. */
export const VolumeDeleteFlag = { zeroed: 1, withSnapshots: 2 } as const;

/** `virStorageVolInfoFlags`. */
export const VolumeInfoFlag = {
  allocation: 0,
  /** `allocation` tells the physical size instead. */
  physical: 1,
} as const;

/** `virStorageVolWipeAlgorithm`; all but `zero` and `trim` need `scrub` on the host. */
export const WipeAlgorithm = {
  zero: 0,
  nnsa: 1,
  dod: 2,
  bsi: 3,
  gutmann: 4,
  schneier: 5,
  pfitzner7: 6,
  pfitzner33: 7,
  random: 8,
  trim: 9,
} as const;
