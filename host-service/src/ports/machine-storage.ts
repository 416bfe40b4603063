import type { DiskFormat } from './disk-tool.ts';

/** Of everybody, and so of QEMU's user, who owns nothing. */
export interface FolderAccess {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** Where machines' files are, on this host. Implemented in `storage/`. */
export interface MachineStorage {
  /** Everything in it is LIMEN's own. */
  readonly directory: string;
  /** Where images are; on the same file system. */
  readonly imagesDirectory: string;
  /** Make the folder, and clear it of what a killed service had in hand. Rejects with `UNSUPPORTED` where that is impossible. */
  prepare(): Promise<void>;
  /** Of the file system, in bytes. */
  space(): Promise<{ readonly totalBytes: number; readonly freeBytes: number }>;
  /** Whether files can be written past the host's cache: tmpfs and some network file systems refuse. */
  takesDirectIo(): Promise<boolean>;
  /** Of the file system a folder is on. Rejects with `NOT_FOUND`. */
  freeBytes(folder: string): Promise<number>;
  /** What everybody on the host may do with a folder; null when it is none. */
  folder(path: string): Promise<FolderAccess | null>;
  /** Whether a file is in {@link directory}, links resolved. */
  isOwn(path: string): Promise<boolean>;
  /** What it takes on the disk, in bytes; null when it is not there. */
  allocatedBytes(path: string): Promise<number | null>;
  /** Complete or not at all; an older file there is replaced. A source that is not there is fine: nothing to copy. */
  copyFile(from: string, to: string): Promise<void>;
  /** Nothing there is fine. */
  remove(path: string): Promise<void>;
  /**
   * Move a disk to `base` and put an overlay of it in its place, in an order that leaves a whole disk at `disk` at
   * every moment. May be repeated. Both must be on one file system, and nobody may have the disk open.
   */
  shareDisk(disk: { readonly path: string; readonly format: DiskFormat }, base: string): Promise<void>;
  /**
   * Take that back. Resolves to false, having changed nothing, when the overlay has been written to since: the base is
   * needed then.
   */
  unshareDisk(path: string, base: string): Promise<boolean>;
}
