import type { PoolId, Preallocation } from '@limen/contract';

export interface VolumeName {
  readonly poolId: PoolId;
  readonly name: string;
}

/** A volume as libvirt alone knows it. Sizes in bytes. */
export interface VolumeReading extends VolumeName {
  readonly type: string;
  /** What libvirt finds it by beside the name; definitions of network volumes say it. */
  readonly key: string | null;
  readonly path: string | null;
  readonly format: string | null;
  readonly capacityBytes: number;
  readonly allocatedBytes: number;
  /** How long it is, as opposed to how much of that is written. */
  readonly physicalBytes: number;
  readonly backingPath: string | null;
  readonly encrypted: boolean;
  readonly modifiedAt: string | null;
}

export interface NewVolume extends VolumeName {
  readonly format: 'qcow2' | 'raw';
  readonly capacityBytes: number;
  readonly preallocation: Preallocation;
}

export interface VolumeWork {
  readonly signal: AbortSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Volumes of libvirt's pools. It does the work itself, with its own rights: the host service may not reach what lies in
 * them. Methods reject as the hypervisor's do, with `NOT_FOUND` (`pool`, `volume`) for what is not there. A signal ends
 * the waiting; what libvirt has begun it may still finish.
 */
export interface StorageVolumes {
  /** By name. None in a pool that does not run. */
  list(poolId: PoolId): Promise<VolumeReading[]>;
  read(volume: VolumeName): Promise<VolumeReading>;
  /** Rejects with `CONFLICT` (`name-taken`). */
  create(volume: NewVolume, work?: VolumeWork): Promise<void>;
  /** Fill an empty volume of the same format with what another's file or device holds, byte for byte. */
  copyContents(from: VolumeReading, to: VolumeReading, work: VolumeWork): Promise<void>;
  /** Fill an empty volume with what a file of this host holds, byte for byte. */
  fill(volume: VolumeName, path: string, work: VolumeWork): Promise<void>;
  /** Make a volume of another's content, in the given format, without backing file. Rejects with `CONFLICT` (`name-taken`). */
  convert(from: VolumeName, to: NewVolume, work: VolumeWork): Promise<void>;
  /** What is in it, byte for byte, and how much that is. Whoever asks reads it, or ends it by the signal. */
  download(
    volume: VolumeReading,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly stream: AsyncIterable<Uint8Array> }>;
  resize(volume: VolumeName, capacityBytes: number, shrink: boolean): Promise<void>;
  /** Overwrite it. A volume with a format is none of that format afterwards. */
  wipe(volume: VolumeName, work: VolumeWork): Promise<void>;
  /** No such volume is fine. Rejects with `CONFLICT` while libvirt still works on it. */
  delete(volume: VolumeName): Promise<void>;
}

/** What a definition says about the host's storage: every word in it that may be a path or a name of a volume. */
export interface DefinitionWords {
  readonly machineId: string;
  readonly name: string;
  readonly running: boolean;
  readonly words: ReadonlySet<string>;
  /** Disks that name a volume by its pool. */
  readonly volumes: readonly { readonly pool: string; readonly volume: string }[];
}

/** What machines' definitions refer to. Implemented in `hypervisor/`. */
export interface StorageReferences {
  /**
   * Of every machine: stored and running definitions, snapshots and saved states. Too much rather than too little.
   * Rejects when one cannot be read: what is not known to be free is not.
   */
  all(): Promise<DefinitionWords[]>;
}
