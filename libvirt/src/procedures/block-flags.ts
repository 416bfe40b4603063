import type { ParamFields } from '../xdr/param-fields.ts';

/** `virDomainBlockResizeFlags`. */
export const BlockResizeFlag = {
  /** `size` is in bytes rather than KiB. */
  bytes: 1,
  /** To the capacity of the block device below. libvirt 10.0 and later. */
  capacity: 2,
} as const;

/** `virDomainBlockCopyFlags`. */
export const BlockCopyFlag = {
  /** Copy the top layer only; the copy keeps the backing file. */
  shallow: 1,
  /** Write to a file that exists, of the right size and format. */
  reuseExisting: 2,
  /** The job need not survive a restart of the domain: without it persistent domains are refused by old QEMU. */
  transientJob: 4,
  /** Write to both sides at once, so that the copy surely catches up. */
  synchronousWrites: 8,
} as const;

/** `virDomainBlockCommitFlags`. */
export const BlockCommitFlag = {
  shallow: 1,
  /** Delete what was committed. */
  delete: 2,
  /** The top layer is the running one: ends in a ready job, to be pivoted or given up. */
  active: 4,
  /** Keep backing file names relative. */
  relative: 8,
  bandwidthBytes: 16,
} as const;

/** `virDomainBlockPullFlags`. */
export const BlockPullFlag = { bandwidthBytes: 64 } as const;

/** `virDomainBlockRebaseFlags`. */
export const BlockRebaseFlag = {
  shallow: 1,
  reuseExisting: 2,
  copyRaw: 4,
  copy: 8,
  relative: 16,
  copyDevice: 32,
  bandwidthBytes: 64,
} as const;

/** `virDomainBlockJobAbortFlags`. */
export const BlockJobAbortFlag = {
  /** Return at once; the `blockJob` event tells the end. */
  async: 1,
  /** Switch to the copy, or to what was committed into, instead of giving it up. */
  pivot: 2,
} as const;

/** `virDomainBlockJobSetSpeedFlags`. */
export const BlockJobSpeedFlag = { bandwidthBytes: 1 } as const;

/** `virDomainBlockJobType`. */
export const BlockJobType = {
  unknown: 0,
  pull: 1,
  copy: 2,
  commit: 3,
  activeCommit: 4,
  backup: 5,
} as const;

/** `virConnectDomainEventBlockJobStatus`, in the `blockJob` event. */
export const BlockJobStatus = { completed: 0, failed: 1, canceled: 2, ready: 3 } as const;

/** `virDomainBackupBeginFlags`. */
export const BackupFlag = { reuseExternal: 1 } as const;

/** `virDomainCheckpointCreateFlags`. */
export const CheckpointCreateFlag = {
  redefine: 1,
  /** Freeze the guest's file systems meanwhile, through its agent. */
  quiesce: 2,
  redefineValidate: 4,
} as const;

/** `virDomainCheckpointDeleteFlags`. */
export const CheckpointDeleteFlag = { children: 1, metadataOnly: 2, childrenOnly: 4 } as const;

/** `virDomainCheckpointXMLFlags`. */
export const CheckpointXmlFlag = {
  secure: 1,
  noDomain: 2,
  /** With how much changed since, which asks the hypervisor. */
  size: 4,
} as const;

/** Parameters of `blockCopy`; `bandwidth` in bytes/s, the others in bytes. */
export const BlockCopyFields = {
  bandwidth: 'ullong',
  granularity: 'uint',
  'buf-size': 'ullong',
} as const satisfies ParamFields;

/** Parameters of `setBlockIoTune`: per second, 0 for no limit. `total` excludes `read` and `write`. */
export const BlockIoTuneFields = {
  total_bytes_sec: 'ullong',
  read_bytes_sec: 'ullong',
  write_bytes_sec: 'ullong',
  total_iops_sec: 'ullong',
  read_iops_sec: 'ullong',
  write_iops_sec: 'ullong',
  total_bytes_sec_max: 'ullong',
  read_bytes_sec_max: 'ullong',
  write_bytes_sec_max: 'ullong',
  total_iops_sec_max: 'ullong',
  read_iops_sec_max: 'ullong',
  write_iops_sec_max: 'ullong',
  total_bytes_sec_max_length: 'ullong',
  read_bytes_sec_max_length: 'ullong',
  write_bytes_sec_max_length: 'ullong',
  total_iops_sec_max_length: 'ullong',
  read_iops_sec_max_length: 'ullong',
  write_iops_sec_max_length: 'ullong',
  size_iops_sec: 'ullong',
  /** Disks of one group share their limits. */
  group_name: 'string',
} as const satisfies ParamFields;
