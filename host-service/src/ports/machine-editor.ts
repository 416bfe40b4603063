import type {
  Accelerator,
  DiskBus,
  Firmware,
  ImageId,
  InterfaceModel,
  MachineChipset,
  MachineId,
  MachineNetwork,
  Preset,
  UserId,
  VideoModel,
} from '@limen/contract';
import type { DiskFile, DiskFormat } from './disk-tool.ts';

/** A machine as it is to be defined: every choice made, every file there. */
export interface MachinePlan {
  readonly machineId: MachineId;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly presetId: string;
  readonly osId: string | null;
  readonly owner: { readonly id: UserId; readonly username: string } | null;
  /** The image its disk came from; `linked` while it shares that image's blocks. */
  readonly imageId: ImageId | null;
  readonly linked: boolean;
  readonly accelerator: Accelerator;
  readonly vcpus: number;
  readonly memoryBytes: number;
  readonly chipset: MachineChipset;
  readonly firmware: Firmware;
  readonly secureBoot: boolean;
  /** Where a UEFI machine keeps its variables: LIMEN's own folder, since libvirt would name the file after the machine. */
  readonly nvramPath: string;
  readonly tpm: boolean;
  readonly clock: Preset['clock'];
  readonly hyperv: boolean;
  readonly disk: {
    readonly path: string;
    readonly format: DiskFormat;
    readonly bus: DiskBus;
    /** The file system takes O_DIRECT, so that the host need not cache what the guest does. */
    readonly directIo: boolean;
  };
  /** CD drives, first to last; a null path is an empty one. */
  readonly media: readonly { readonly path: string | null }[];
  readonly mediaBus: 'scsi' | 'sata' | 'ide';
  /** Boot the first medium, and treat the guest's first reboot or power-off as the end of its installation. */
  readonly installing: boolean;
  readonly network: MachineNetwork;
  readonly interfaceModel: InterfaceModel;
  readonly mac: string;
  readonly videoModel: VideoModel;
}

/** A copy of a machine that is off: its hardware, with an identity and disks of its own. */
export interface CopyPlan {
  readonly sourceId: MachineId;
  /** With the hardware it had at this snapshot; null: as it is now. */
  readonly snapshot: string | null;
  readonly machineId: MachineId;
  readonly name: string;
  /** Null keeps the source's. */
  readonly description: string | null;
  readonly owner: MachinePlan['owner'];
  readonly nvramPath: string;
  /** What stands in for each disk of the source, by its target; drives with media are emptied. */
  readonly disks: ReadonlyMap<string, { readonly path: string; readonly format: DiskFormat }>;
  /** For interfaces, in the source's order; more are libvirt's to choose. */
  readonly macs: readonly string[];
}

/** One disk or drive of a definition. */
export interface DefinedDisk {
  readonly target: string;
  readonly device: 'disk' | 'cdrom' | 'floppy' | 'lun';
  /** A file or block device of this host; null for empty drives and for what lies elsewhere. */
  readonly path: string | null;
  readonly format: string | null;
}

/** What a definition names on the host's disks. */
export interface DefinedFiles {
  readonly disks: readonly DefinedDisk[];
  /** The file of its UEFI variables; null for BIOS machines. */
  readonly nvramPath: string | null;
  readonly hasSnapshots: boolean;
}

/** What the system on a machine's disks was installed for; what LIMEN has no word for is left out. */
export interface BootNeeds {
  readonly firmware: Firmware;
  readonly secureBoot: boolean;
  readonly tpm: boolean;
  readonly chipset?: MachineChipset;
  readonly diskBus?: DiskBus;
}

/** What LIMEN keeps in the definition and changes later; what is left out stays. */
export interface MetadataChange {
  readonly tags?: readonly string[];
  readonly linkedTo?: ImageId | null;
  readonly installing?: boolean;
  /** Null takes it out of the trash. */
  readonly trashed?: {
    readonly at: string;
    readonly purgeAt: string;
    readonly by: string;
    readonly name: string;
    readonly autostart?: boolean | undefined;
  } | null;
}

/** What machines of this host can be made of. */
export interface HypervisorOffers {
  readonly kvm: boolean;
  readonly uefi: boolean;
  readonly secureBoot: boolean;
  readonly tpm: boolean;
  readonly chipsets: readonly MachineChipset[];
  readonly diskBuses: readonly DiskBus[];
  readonly videoModels: readonly VideoModel[];
  readonly maximumVcpus: number;
}

export interface HostNetwork {
  readonly name: string;
  readonly type: 'network' | 'bridge';
  /** libvirt's forward mode; null: isolated, or a plain bridge. */
  readonly forward: string | null;
  readonly active: boolean;
}

/**
 * Definitions of machines, written. Methods reject as the hypervisor's do. Those that jobs use may be repeated: what
 * is so already is left so.
 */
export interface MachineEditor {
  /** Define the machine, or define it anew the same way. */
  define(plan: MachinePlan): Promise<void>;
  defineCopy(plan: CopyPlan): Promise<void>;
  /**
   * Force it off and remove the definition with all that libvirt keeps beside it: NVRAM, TPM state, saved memory,
   * descriptions of snapshots. No such machine is fine.
   */
  remove(machineId: MachineId): Promise<void>;
  /** Start it unless it runs. */
  start(machineId: MachineId): Promise<void>;
  /** Pull the plug, if it runs. */
  forceOff(machineId: MachineId): Promise<void>;
  /** Write its memory to the host's disk and stop it; it runs on when `signal` aborts. Rejects with `CANCELLED` then. */
  save(machineId: MachineId, signal: AbortSignal): Promise<void>;
  /** Throw away what {@link save} wrote. */
  discardSaved(machineId: MachineId): Promise<void>;
  setAutostart(machineId: MachineId, autostart: boolean): Promise<void>;
  /** Of a machine that is off. Rejects with `CONFLICT` `name-taken`, or `wrong-state` where libvirt cannot now. */
  rename(machineId: MachineId, name: string): Promise<void>;
  setDescription(machineId: MachineId, description: string): Promise<void>;
  /** A machine of another tool becomes a managed one by it. */
  setMetadata(machineId: MachineId, change: MetadataChange): Promise<void>;
  /** By disk target or MAC, first to last; others are not booted from. From the next start. `INVALID_INPUT` for strangers. */
  setBootOrder(machineId: MachineId, devices: readonly string[]): Promise<void>;
  /** Eject all media, boot from the first disk, restart on reboot, and forget that it was being installed. */
  finishInstallation(machineId: MachineId): Promise<void>;
  /** Replace the file behind a disk, of a machine that is off. */
  setDiskFile(
    machineId: MachineId,
    target: string,
    disk: { path: string; format: DiskFormat },
  ): Promise<void>;
  /** Copy all a running machine's disk shares into it. Progress is 0–1. */
  pullDisk(
    machineId: MachineId,
    target: string,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (fraction: number) => void;
    },
  ): Promise<void>;
  /** Copy a running machine's disk to a new file and use that, also from the next start. Progress is 0–1. */
  mirrorDisk(
    machineId: MachineId,
    target: string,
    to: DiskFile,
    options: {
      /** Null is without limit. */
      readonly bytesPerSecond: number | null;
      readonly signal: AbortSignal;
      readonly onProgress: (fraction: number) => void;
    },
  ): Promise<void>;
  /** Give up such a copy; none is fine. */
  stopMirror(machineId: MachineId, target: string): Promise<void>;
  files(machineId: MachineId): Promise<DefinedFiles>;
  /** What of its hardware its system needs to boot elsewhere. */
  bootNeeds(machineId: MachineId): Promise<BootNeeds>;
  offers(): Promise<HypervisorOffers>;
  networks(): Promise<HostNetwork[]>;
  /** Define and start a directory pool, unless there is one with that name or place; other tools see it then. */
  ensurePool(name: string, directory: string): Promise<void>;
  /** Where files of a pool are. Rejects with `NOT_FOUND`, `CONFLICT` (`wrong-state`) for one that is not active, `UNSUPPORTED` for one that is no folder. */
  poolFolder(name: string): Promise<string>;
}
