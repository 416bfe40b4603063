import type { MachineId, MachineState, SnapshotKind, SnapshotState } from '@limen/contract';
import type { Unsubscribe } from './hypervisor.ts';

/** A disk at the moment of a snapshot. */
export interface SnapshotDiskReading {
  readonly target: string;
  /** The file that holds what it held then; null where that is no file of this host. */
  readonly path: string | null;
  readonly format: string | null;
  /** Whether, and how, the snapshot has it; null: it was left out. */
  readonly kind: SnapshotKind | null;
  /** Of an external one: the file that took the writes from then on. */
  readonly overlay: string | null;
}

/** One snapshot as libvirt has it. */
export interface SnapshotReading {
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
  readonly parent: string | null;
  readonly current: boolean;
  /** Null: made in a way we do not know. */
  readonly kind: SnapshotKind | null;
  readonly state: SnapshotState;
  readonly memory: boolean;
  /** Where the memory of an external one is. */
  readonly memoryFile: string | null;
  readonly disks: readonly SnapshotDiskReading[];
}

/** What decides which snapshots can be taken of a machine. */
export interface SnapshotSetup {
  readonly state: MachineState;
  readonly persistent: boolean;
  /** `major * 1,000,000 + minor * 1,000 + patch`. */
  readonly libvirtVersion: number;
  /** What the guest may write to, as it is now. */
  readonly disks: readonly {
    readonly target: string;
    /** Null: no file or block device of this host. */
    readonly path: string | null;
    readonly format: string | null;
    readonly shared: boolean;
    /** Being copied or merged. */
    readonly busy: boolean;
  }[];
  /** Of its memory, what a snapshot may have to keep. */
  readonly memoryBytes: number;
  /** It has UEFI variables. */
  readonly uefiVariables: boolean;
  /** Names of host devices, and of shared folders. */
  readonly hostDevices: readonly string[];
  readonly sharedFolders: readonly string[];
  /** The guest's agent has opened its channel. */
  readonly agent: boolean;
}

export interface SnapshotsReading {
  readonly setup: SnapshotSetup;
  readonly snapshots: readonly SnapshotReading[];
}

/** Files that disks are to go on in, by target. */
export type Overlays = readonly { readonly target: string; readonly path: string }[];

export interface SnapshotPlan {
  readonly name: string;
  readonly description: string;
  readonly kind: SnapshotKind;
  /** Of an external one: where the memory goes; null without. Internal ones of running machines always have it. */
  readonly memoryFile: string | null;
  /** Of an external one: all disks that are kept. Of an internal one: none. */
  readonly overlays: Overlays;
  readonly quiesce: boolean;
}

/**
 * Snapshots of machines, by libvirt. Methods reject as the hypervisor's do; what is said of one snapshot rejects with
 * `NOT_FOUND` (kind `snapshot`) where there is none. Used by jobs: what is so already is left so.
 */
export interface MachineSnapshots {
  /** Snapshots oldest first. */
  read(machineId: MachineId): Promise<SnapshotsReading>;
  /** Told after events of libvirt's that come with snapshots; it has none of their own. */
  onChanged(listener: (machineId: MachineId) => void): Unsubscribe;
  /** Resolves when it is complete. Libvirt cannot stop in the middle. */
  create(machineId: MachineId, plan: SnapshotPlan): Promise<void>;
  /**
   * Clear away what a create that was cut short left: internal data without a description, and a guest that stands
   * still. Of external ones nothing but that: files are not libvirt's to remove.
   */
  clearInterrupted(
    machineId: MachineId,
    name: string,
    was: { kind: SnapshotKind; running: boolean },
  ): Promise<void>;
  /** By libvirt's own means; starts the machine where asked and the snapshot has no memory. */
  revert(machineId: MachineId, name: string, start: boolean): Promise<void>;
  /**
   * Of a machine that is off: give it the hardware it had then, with its disks in these files, and have libvirt believe
   * that it went on there.
   */
  continueFrom(machineId: MachineId, name: string, overlays: Overlays): Promise<void>;
  /** Have libvirt believe that the machine went on in these files after an external snapshot. */
  setOverlays(machineId: MachineId, name: string, overlays: Overlays): Promise<void>;
  /** Start a machine that is off with memory that an external snapshot kept, and the disks it has now. */
  restoreMemory(machineId: MachineId, memoryFile: string, paused: boolean): Promise<void>;
  /**
   * Delete one; its data is merged into what rests on it. Takes up and ends what an attempt that was cut short began.
   * No such snapshot is fine. Progress in bytes, where data is moved.
   */
  remove(
    machineId: MachineId,
    name: string,
    options: { readonly onProgress: (done: number, total: number) => void },
  ): Promise<void>;
  /** Delete the description alone. No such snapshot is fine. */
  forget(machineId: MachineId, name: string): Promise<void>;
  describe(machineId: MachineId, name: string, description: string): Promise<void>;
  /** A PNG of the screen; null where there is none. */
  screenshot(machineId: MachineId): Promise<Buffer | null>;
  /** Set the guest's clock to the host's, by its agent; false when none answers in time. */
  setGuestTime(machineId: MachineId): Promise<boolean>;
}
