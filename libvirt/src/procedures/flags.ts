/** Flags of libvirt's public API, by the call they belong to. Combine with `|`. */

/** `virConnectListAllDomainsFlags`. Flags of one group widen, groups narrow; 0 lists all. */
export const ListDomains = {
  active: 1,
  inactive: 2,
  persistent: 4,
  transient: 8,
  running: 16,
  paused: 32,
  shutOff: 64,
  other: 128,
  /** Has a managed save image. */
  managedSave: 256,
  noManagedSave: 512,
  autostart: 1024,
  noAutostart: 2048,
} as const;

/** `virDomainStatsTypes`: which groups bulk statistics cover. On running domains each costs a monitor round trip. */
export const Stats = {
  state: 1,
  cpuTotal: 2,
  balloon: 4,
  vcpu: 8,
  interface: 16,
  block: 32,
  perf: 64,
  ioThread: 128,
  memory: 256,
  dirtyRate: 512,
  vm: 1024,
} as const;

/** `virConnectGetAllDomainStatsFlags`. */
export const StatsFlag = {
  active: 1,
  inactive: 2,
  /** Skip what would have to wait for a busy domain instead of waiting for it. */
  noWait: 0x2000_0000,
} as const;

/** `virDomainXMLFlags`. */
export const XmlFlag = {
  /** With passwords; refused on read-only connections. */
  secure: 1,
  /** The definition for the next start rather than the running one. */
  inactive: 2,
  /** Reduced to what another host needs for migration. */
  migratable: 8,
} as const;

/** `virDomainState`. */
export const DomainState = {
  noState: 0,
  running: 1,
  blocked: 2,
  paused: 3,
  shutdown: 4,
  shutOff: 5,
  crashed: 6,
  pmSuspended: 7,
} as const;

/** `virDomainDefineFlags`. */
export const DefineFlag = {
  /** Check the XML against the schema first. */
  validate: 1,
} as const;

/** `virDomainCreateFlags`, when a domain starts. */
export const StartFlag = {
  paused: 1,
  /** Destroy it when this connection closes. */
  autoDestroy: 2,
  bypassCache: 4,
  /** Throw a managed save image away instead of restoring it. */
  forceBoot: 8,
  validate: 16,
  resetNvram: 32,
} as const;

/** `virDomainShutdownFlagValues` and `virDomainRebootFlagValues`; 0 lets the driver choose. */
export const ShutdownFlag = { acpi: 1, guestAgent: 2 } as const;

/** `virDomainDestroyFlagsValues`. */
export const DestroyFlag = {
  /** SIGTERM only: fails rather than risking unwritten data with SIGKILL. */
  graceful: 1,
} as const;

/** `virDomainUndefineFlagsValues`: what to remove, or keep, along with the definition. */
export const UndefineFlag = {
  managedSave: 1,
  snapshotsMetadata: 2,
  nvram: 4,
  keepNvram: 8,
  checkpointsMetadata: 16,
  tpm: 32,
  keepTpm: 64,
} as const;

/** `virDomainModificationImpact`. */
export const Affect = { current: 0, live: 1, config: 2 } as const;

/** `virDomainMetadataType`. */
export const MetadataType = { description: 0, title: 1, element: 2 } as const;

/** `virDomainInterfaceAddressesSource`. */
export const AddressSource = { lease: 0, agent: 1, arp: 2 } as const;

/** `virDomainConsoleFlags`. */
export const ConsoleFlag = {
  /** Take the console from whoever holds it. */
  force: 1,
  /** Only if the driver can keep two clients apart. */
  safe: 2,
} as const;

/** `virStorageVolUploadFlags` and `virStorageVolDownloadFlags`. */
export const VolumeStreamFlag = {
  /** Holes travel as holes. */
  sparse: 1,
} as const;

/** `virDomainEventType`, the `event` of a lifecycle event. */
export const Lifecycle = {
  defined: 0,
  undefined: 1,
  started: 2,
  suspended: 3,
  resumed: 4,
  stopped: 5,
  shutdown: 6,
  pmSuspended: 7,
  crashed: 8,
} as const;

/** `virDomainMemoryStatTags`: KiB, but for the fault counters and `lastUpdate` (Unix time in seconds). */
export const MemoryStat = {
  swapIn: 0,
  swapOut: 1,
  majorFault: 2,
  minorFault: 3,
  unused: 4,
  available: 5,
  actualBalloon: 6,
  rss: 7,
  usable: 8,
  lastUpdate: 9,
  diskCaches: 10,
  hugetlbPageAllocations: 11,
  hugetlbPageFailures: 12,
} as const;

/** `virKeycodeSet`: how keys are numbered. */
export const KeyCodeSet = {
  linux: 0,
  xt: 1,
  atSet1: 2,
  atSet2: 3,
  atSet3: 4,
  osx: 5,
  xtKeyboard: 6,
  usb: 7,
  win32: 8,
  qnum: 9,
} as const;

/** `virDomainVcpuFlags`, beside {@link Affect}. */
export const VcpuFlag = {
  maximum: 4,
  /** Through the guest agent. */
  guest: 8,
  hotpluggable: 16,
} as const;

/** `virDomainMemoryModFlags`, beside {@link Affect}. */
export const MemoryFlag = { maximum: 4 } as const;

/** `virDomainDeviceModifyFlags`, beside {@link Affect}. */
export const DeviceFlag = {
  /** Remove it even from a guest that does not let go, e.g. a locked CD tray. */
  force: 4,
} as const;
