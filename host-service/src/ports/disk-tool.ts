/** Formats LIMEN keeps disks in. */
export type DiskFormat = 'raw' | 'qcow2';

/** Formats it can read; all but the first two are converted on the way in. */
export type ReadableFormat = DiskFormat | 'vmdk' | 'vhdx' | 'vdi' | 'vpc';

/** A disk image on this host. The format is always said, never guessed by the tool: content is the guest's. */
export interface DiskFile<F extends ReadableFormat = DiskFormat> {
  /** Absolute. */
  readonly path: string;
  readonly format: F;
}

/** A piece of a file, in bytes; where it begins is a multiple of 512. */
export interface FilePart {
  readonly offset: number;
  readonly bytes: number;
}

/** What is read and never written: also a disk in the middle of a file, as archives without compression have it. */
export interface DiskSource extends DiskFile<ReadableFormat> {
  readonly part?: FilePart | null;
  /** As it was at this moment, which a qcow2 file keeps inside itself. */
  readonly snapshot?: string | undefined;
}

export interface DiskInfo {
  readonly format: ReadableFormat;
  /** What a guest sees, in bytes. */
  readonly virtualBytes: number;
  /** What it takes on the host, in bytes; less than its length where it has holes. */
  readonly actualBytes: number;
  /** As written in the image's header, so it may be relative; null without one. */
  readonly backingFile: string | null;
  /** True when the guest's data lies (partly) in other files, which the header names. */
  readonly externalData: boolean;
  readonly encrypted: boolean;
}

/** A moment kept inside a qcow2 file. */
export interface InternalSnapshot {
  readonly name: string;
  /** Of the memory that went with it; 0 without. */
  readonly stateBytes: number;
}

export interface DiskWork {
  /** Kills the tool; the call rejects with `CANCELLED` and leaves no file. */
  readonly signal?: AbortSignal;
  /** 0–1, as the tool reports it. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Makes and changes disk images, by `qemu-img`. What makes a file writes `<path>.partial`, syncs it and renames it, so
 * that `path` is complete whenever it is there; an older file there is replaced, so that work can be repeated. If
 * this process dies, the tool dies with it. Methods reject with `STORAGE_FULL`, `UNSUITABLE_IMAGE` (`damaged`) when a
 * source cannot be read, `UNSUPPORTED` when `qemu-img` is not installed, `CANCELLED`, and `INTERNAL` otherwise.
 */
export interface DiskTool {
  /** An empty disk of so many (virtual) bytes. */
  create(disk: DiskFile, virtualBytes: number, work?: DiskWork): Promise<void>;
  /** A qcow2 at `path` that shares the blocks of `base` and is at least as large; `virtualBytes` grows it. */
  overlay(path: string, base: DiskFile, options?: { virtualBytes?: number } & DiskWork): Promise<void>;
  /** A full copy without backing file. Rejects when a running machine has the source open for writing. */
  convert(from: DiskSource, to: DiskFile, work?: DiskWork): Promise<void>;
  /** How much a full copy as qcow2 takes at most, in bytes. */
  measure(from: DiskSource, work?: DiskWork): Promise<number>;
  /** Grow, in place, to so many bytes. Never shrinks: a smaller size is left as it is. */
  grow(disk: DiskFile, virtualBytes: number, work?: DiskWork): Promise<void>;
  /** Give a linked disk its own copy of everything it shares, in place; it has no backing file afterwards. */
  flatten(path: string, work?: DiskWork): Promise<void>;
  /**
   * What a file is, by its content. Safe on hostile files: nothing a header names is opened. Null when it is none of
   * {@link ReadableFormat}; raw is only recognised by a partition table, a file system or a boot sector.
   */
  info(path: string, work?: DiskWork & { readonly part?: FilePart | null }): Promise<DiskInfo | null>;
  /**
   * Read all metadata. Rejects with `UNSUITABLE_IMAGE` (`damaged`) when it is not consistent, or says that there is
   * more than the file has: reading that would give zeros without a word.
   */
  check(disk: DiskSource, work?: DiskWork): Promise<void>;
  /** The files a disk needs, itself first, read from the headers; a missing one ends the chain. */
  chain(disk: DiskFile): Promise<string[]>;
  /** What is on a disk, as it lies on the host, what it shares included: bytes that the files of its chain take. */
  contentBytes(disk: DiskFile): Promise<number>;
  /** What a qcow2 file keeps inside itself, also while a machine writes to it; nothing when the file is gone. */
  internalSnapshots(path: string): Promise<InternalSnapshot[]>;
  /** Remove what {@link create} and the like made or began at `path`. Nothing there is fine. */
  discard(path: string): Promise<void>;
}
