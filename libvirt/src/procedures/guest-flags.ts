/** `virDomainGuestInfoTypes`: what to ask the guest agent for; 0 is all it knows. */
export const GuestInfo = {
  users: 1,
  os: 2,
  timezone: 4,
  hostname: 8,
  fileSystems: 16,
  disks: 32,
  interfaces: 64,
} as const;

/** `virDomainSetUserPasswordFlags`. */
export const UserPasswordFlag = {
  /** The password is encrypted already, as the guest's own tools would. */
  encrypted: 1,
} as const;

/** `virDomainAuthorizedSSHKeysSetFlags`; 0 replaces all keys. */
export const SshKeysFlag = { append: 1, remove: 2 } as const;

/** `virDomainSetTimeFlags`. */
export const SetTimeFlag = {
  /** From the guest's real-time clock, instead of the given time. */
  sync: 1,
} as const;

/** `virDomainSnapshotCreateFlags`. */
export const SnapshotFlag = {
  redefine: 1,
  /** With `redefine`: make it the current one. */
  current: 2,
  /** Leave no record at libvirt, only the files. */
  noMetadata: 4,
  halt: 8,
  diskOnly: 16,
  reuseExternal: 32,
  /** Freeze the guest's file systems meanwhile, through its agent. */
  quiesce: 64,
  /** All disks or none. */
  atomic: 128,
  /** Keep running while memory is written. */
  live: 256,
  validate: 512,
} as const;

/** `virDomainSnapshotRevertFlags`. */
export const SnapshotRevertFlag = { running: 1, paused: 2, force: 4, resetNvram: 8 } as const;

/** `virDomainSnapshotDeleteFlags`. */
export const SnapshotDeleteFlag = { children: 1, metadataOnly: 2, childrenOnly: 4 } as const;

/** `virDomainSnapshotListFlags`; 0 lists all. */
export const ListSnapshots = {
  /** For a list of children: all below, not only the next. */
  descendants: 1,
  roots: 1,
  metadata: 2,
  leaves: 4,
  noLeaves: 8,
  noMetadata: 16,
  inactive: 32,
  active: 64,
  diskOnly: 128,
  internal: 256,
  external: 512,
  /** Parents before children. */
  topological: 1024,
} as const;
