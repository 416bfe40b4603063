import type { DiskFile } from './disk-tool.ts';

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
   * In place, on a disk nobody uses; what was deleted is not left on it either. May be repeated. Rejects with
   * `UNSUPPORTED` when the tool is not installed or finds no system it knows, and with `CANCELLED`.
   */
  clean(disk: DiskFile, work: CleaningWork): Promise<void>;
  /** Remove what an interrupted {@link clean} left beside the disk. */
  tidy(disk: DiskFile): Promise<void>;
}
