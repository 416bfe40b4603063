import type { JobId, MachineId, Quota, QuotaLimits, UserId } from '@limen/contract';
import type { NewJob } from './jobs.ts';

/** What a machine takes, of its owner's quota and of the host. */
export interface Allocation {
  readonly machineId: MachineId;
  readonly name: string;
  /** Null: nobody's. */
  readonly userId: UserId | null;
  readonly vcpus: number;
  readonly memoryBytes: number;
  /** Virtual size of its disks: what the machine may come to take, and what counts against a quota. */
  readonly diskBytes: number;
  /**
   * Of that, what the host must have free for the machine to be made: everything but the blocks it shares with an
   * image. Those come to take room of their own only as far as the machine overwrites them; counting them in full
   * would refuse clones that fit many times over, so they are overcommitted, and the host's reserve and its free
   * space, which is looked at anew for each machine, stand against that.
   */
  readonly newDiskBytes: number;
}

/** What this host has for machines, as of the moment it is asked: no waiting inside a transaction. */
export interface HostCapacity {
  /** What machines may have together, reserve and overcommit considered. */
  readonly memoryBytes: number;
  /** Of machines that are on, by machine. */
  readonly memoryInUse: ReadonlyMap<MachineId, number>;
  /** Free on the disk, less its reserve. */
  readonly diskFreeBytes: number;
}

export interface ReservationRequest {
  readonly allocations: readonly Allocation[];
  readonly capacity: () => HostCapacity;
  /** Administrators' machines count, but against no limit. */
  readonly limited: boolean;
  /** Written in the same transaction, so that neither is ever without the other. */
  readonly jobs: readonly NewJob[];
}

/** A machine that exists is to take more. */
export interface GrowthRequest {
  /** Its own name and owner, and by how much each amount grows. */
  readonly increase: Allocation;
  /** What it takes of the host's memory when it runs, grown. */
  readonly memoryBytes: number;
  readonly capacity: () => HostCapacity;
  readonly limited: boolean;
}

/**
 * Who takes how much. Checked and written in one transaction under a lock of the user and of the host, so that no two
 * requests can both have the last of something. Implemented in `database/`.
 */
export interface Reservations {
  /**
   * Rejects with `QUOTA_EXCEEDED`, or `CONFLICT` (`name-taken`) for a name of a machine that is being made. A machine
   * that has a reservation already keeps it.
   */
  reserve(request: ReservationRequest): Promise<JobId[]>;
  /** The machine exists and counts by what libvirt says of it from here on. */
  settle(machineId: MachineId): Promise<void>;
  /**
   * Count more for a machine that exists, until it is said that it has it, or has not. Rejects with `QUOTA_EXCEEDED`.
   * Forgotten after a while, should nobody say.
   */
  grow(request: GrowthRequest): Promise<void>;
  /** It has grown, and counts by what libvirt says again. */
  settleGrowth(machineId: MachineId): Promise<void>;
  /** It has not. */
  cancelGrowth(increase: Allocation): Promise<void>;
  /** Nothing there is fine. */
  release(machineId: MachineId): Promise<void>;
  /**
   * Make what is kept of existing machines what they are: change, add, and forget those that are gone. Which are there
   * is asked while nothing can be released: some may have come and gone since they were looked at.
   */
  reconcile(existing: readonly Allocation[], isThere: (machineId: MachineId) => boolean): Promise<void>;
  /** Of this host's machines that are being made. */
  pending(): Promise<Allocation[]>;
}

/** Limits, and what is used of them. Implemented in `database/`. */
export interface Quotas {
  /** Rejects with `NOT_FOUND`. Administrators are without limits. */
  of(userId: UserId): Promise<Quota>;
  list(): Promise<{ default: QuotaLimits; users: Quota[] }>;
  /** Null puts the default in force again. Rejects with `NOT_FOUND`. */
  set(userId: UserId, limits: QuotaLimits | null): Promise<Quota>;
  setDefault(limits: QuotaLimits): Promise<QuotaLimits>;
}
