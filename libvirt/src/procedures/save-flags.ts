import type { ParamFields } from '../xdr/param-fields.ts';

/** `virDomainSaveRestoreFlags`. */
export const SaveFlag = {
  bypassCache: 1,
  /** Let it run when restored. */
  running: 2,
  paused: 4,
  resetNvram: 8,
} as const;

/** `virDomainCoreDumpFlags`. */
export const CoreDumpFlag = {
  /** Crash the guest afterwards. */
  crash: 1,
  /** Keep it running meanwhile. */
  live: 2,
  bypassCache: 4,
  /** Reset it afterwards. */
  reset: 8,
  /** Guest memory alone, in a format debuggers read. */
  memoryOnly: 16,
} as const;

/** `virDomainCoreDumpFormat`; all but `raw` compress and need `memoryOnly`. */
export const CoreDumpFormat = { raw: 0, kdumpZlib: 1, kdumpLzo: 2, kdumpSnappy: 3, winDump: 4 } as const;

/** `virDomainJobType`, in job statistics. */
export const JobType = {
  none: 0,
  bounded: 1,
  unbounded: 2,
  completed: 3,
  failed: 4,
  canceled: 5,
} as const;

/** `virDomainGetJobStatsFlags`. */
export const JobStatsFlag = {
  /** Of the last job that ended, once. */
  completed: 1,
  keepCompleted: 2,
} as const;

/** `virDomainMigrateFlags`. */
export const MigrateFlag = {
  live: 1,
  /** The source's daemon talks to the destination's. */
  peer2peer: 2,
  /** Through the daemons' own connection instead of one between the hypervisors. */
  tunnelled: 4,
  /** Define it at the destination. */
  persistDestination: 8,
  /** Undefine it at the source. */
  undefineSource: 16,
  /** Arrive paused. */
  paused: 32,
  /** Copy the disks too. */
  nonSharedDisk: 64,
  /** Copy what differs from backing files that both sides have. */
  nonSharedIncremental: 128,
  changeProtection: 256,
  /** Even where a cache mode may lose writes. */
  unsafe: 512,
  /** Move the definition of a domain that does not run. */
  offline: 1024,
  compressed: 2048,
  abortOnError: 4096,
  /** Slow the guest down until it can be moved. */
  autoConverge: 8192,
  pinAll: 16_384,
  postCopy: 32_768,
  tls: 65_536,
  parallel: 131_072,
  nonSharedSynchronousWrites: 262_144,
  postCopyResume: 524_288,
  zeroCopy: 1_048_576,
} as const;

/** Parameters of `migratePerform`. Bandwidths in MiB/s. */
export const MigrateFields = {
  migrate_uri: 'string',
  destination_name: 'string',
  destination_xml: 'string',
  persistent_xml: 'string',
  bandwidth: 'ullong',
  'bandwidth.postcopy': 'ullong',
  graphics_uri: 'string',
  listen_address: 'string',
  /** One value for each disk to copy, by target. */
  migrate_disks: 'string',
  disks_port: 'int',
  disks_uri: 'string',
  compression: 'string',
  'compression.mt.level': 'int',
  'compression.mt.threads': 'int',
  'compression.mt.dthreads': 'int',
  'compression.xbzrle.cache': 'ullong',
  'auto_converge.initial': 'int',
  'auto_converge.increment': 'int',
  'parallel.connections': 'int',
  'tls.destination': 'string',
} as const satisfies ParamFields;
