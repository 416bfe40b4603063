import type {
  Bandwidth,
  CpuMode,
  CpuTopology,
  DiskBus,
  DiskCache,
  DiskDiscard,
  Firmware,
  HardwareSet,
  InterfaceModel,
  IoLimits,
  MachineId,
  MachineNetwork,
  SharedFolder,
  SoundModel,
  VideoModel,
  WatchdogAction,
  WatchdogModel,
} from '@limen/contract';
import type { DiskFormat } from './disk-tool.ts';
import type { Unsubscribe } from './hypervisor.ts';

/** The texts of a machine's definitions, without secrets. */
export interface DefinitionTexts {
  /** Digest of {@link stored}. */
  readonly revision: string;
  /** What the next start gets. */
  readonly stored: string;
  /** What runs; null while nothing does. */
  readonly live: string | null;
}

/** What those texts say. `imageId` of all disks is null: libvirt knows no image library. */
export interface HardwareReading extends DefinitionTexts {
  readonly storedSet: HardwareSet;
  readonly liveSet: HardwareSet | null;
  /** Libvirt keeps it when it is off. */
  readonly persistent: boolean;
}

/** A network to be plugged into. */
export type PluggedNetwork = Exclude<MachineNetwork, { readonly type: 'none' }>;

/** One change with all choices made and all files there. What is left out, or undefined, stays as it is. */
export type HardwareChange =
  | { readonly type: 'set-vcpus'; readonly current: number; readonly maximum: number }
  | {
      readonly type: 'set-cpu';
      readonly mode: CpuMode | null;
      readonly model: string | null;
      readonly topology: CpuTopology | null;
    }
  | { readonly type: 'set-memory'; readonly currentBytes: number; readonly maximumBytes: number }
  | {
      readonly type: 'add-disk';
      readonly path: string;
      readonly format: DiskFormat;
      readonly bus: DiskBus;
      readonly cache: DiskCache;
      readonly discard: DiskDiscard;
    }
  | {
      readonly type: 'add-drive';
      readonly bus: 'sata' | 'ide' | 'scsi';
      /** Null: nothing is in it. */
      readonly path: string | null;
    }
  | {
      readonly type: 'update-disk';
      readonly target: string;
      readonly bus?: DiskBus | undefined;
      readonly cache?: DiskCache | undefined;
      readonly discard?: DiskDiscard | undefined;
      readonly ioLimits?: IoLimits | undefined;
    }
  | { readonly type: 'remove-disk'; readonly target: string }
  | { readonly type: 'change-media'; readonly target: string; readonly path: string | null }
  | {
      readonly type: 'add-interface';
      readonly network: PluggedNetwork;
      readonly model: InterfaceModel;
      readonly mac: string;
    }
  | {
      readonly type: 'update-interface';
      readonly mac: string;
      readonly network?: PluggedNetwork | undefined;
      readonly model?: InterfaceModel | undefined;
      readonly newMac?: string | undefined;
      readonly linkUp?: boolean | undefined;
      readonly bandwidth?: Bandwidth | undefined;
    }
  | { readonly type: 'remove-interface'; readonly mac: string }
  | { readonly type: 'set-boot-order'; readonly devices: readonly string[] }
  | {
      readonly type: 'set-firmware';
      readonly firmware: Firmware;
      readonly secureBoot: boolean;
      /** Where the variables are to be, of UEFI. */
      readonly nvramPath: string;
    }
  | { readonly type: 'set-tpm'; readonly present: boolean }
  | { readonly type: 'set-video'; readonly model: VideoModel; readonly heads: number }
  | { readonly type: 'set-sound'; readonly model: SoundModel | null }
  | { readonly type: 'set-rng'; readonly present: boolean }
  | {
      readonly type: 'set-watchdog';
      readonly model: WatchdogModel | null;
      readonly action: WatchdogAction;
    }
  | { readonly type: 'add-serial' }
  | { readonly type: 'remove-serial'; readonly port: number }
  | ({ readonly type: 'add-folder' } & SharedFolder)
  | { readonly type: 'remove-folder'; readonly tag: string };

/** Done everywhere, or only in the stored definition while something else runs. */
export type ChangeOutcome = 'applied' | 'at-next-start';

/**
 * The hardware of machines, read and changed. Methods reject as the hypervisor's do. A change that is refused leaves
 * the stored definition as it was.
 */
export interface MachineHardware {
  read(machineId: MachineId): Promise<HardwareReading>;
  /** What the next start gets, by one call; sizes of disks are null. */
  stored(machineId: MachineId): Promise<HardwareSet>;
  /** Told after every event of libvirt's that may have changed what {@link read} gives. */
  onChanged(listener: (machineId: MachineId) => void): Unsubscribe;
  /**
   * Make one change; with `live` in the running machine too, where QEMU can. Rejects with `INVALID_INPUT` for devices
   * that are not there and what cannot be, `HYPERVISOR_ERROR` with libvirt's or the guest's reason, `CONFLICT`
   * (`wrong-state`) for a machine whose definition libvirt does not keep.
   */
  change(machineId: MachineId, change: HardwareChange, live: boolean): Promise<ChangeOutcome>;
  /** Grow a running machine's disk and tell the guest. */
  growLiveDisk(machineId: MachineId, target: string, bytes: number): Promise<void>;
  /**
   * Replace the stored definition once libvirt has validated it. Secrets it lacks are taken over from the present one.
   * Rejects with `INVALID_INPUT` (path `xml`, with the line) for what is no XML or another machine's.
   */
  define(machineId: MachineId, xml: string): Promise<void>;
  /** What a text says a machine is made of; sizes are null. Throws `INVALID_INPUT` (path `xml`). */
  describe(xml: string): HardwareSet;
  /** The text without these disks; drives among them are emptied. Throws as {@link describe} does. */
  withoutDisks(xml: string, targets: readonly string[]): string;
}
