export interface CleaningWork {
  readonly signal: AbortSignal;
  /** Whether machines of this host run on KVM; the tool runs one of its own. */
  readonly kvm: boolean;
}

/**
 * Takes out of a system what makes it that one system: machine id, SSH host keys, users' keys, leases, logs, what
 * cloud-init remembers. Implemented in `storage/`.
 */
export interface GuestCleaner {
  isInstalled(): Promise<boolean>;
  /**
   * In place, on a raw disk nobody uses, where free blocks are given back as small as the host's file system can: a
   * qcow2 gives back only whole clusters, and a key is smaller. May be repeated. Rejects with `UNSUPPORTED` when the tool is not installed or finds
   * no system it knows, and with `CANCELLED`.
   */
  clean(rawDisk: string, work: CleaningWork): Promise<void>;
  /** Remove what an interrupted {@link clean} left beside the disk. */
  tidy(rawDisk: string): Promise<void>;
}
