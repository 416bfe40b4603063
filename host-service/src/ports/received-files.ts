import type { ImageId, ImageKind } from '@limen/contract';
import type { DiskFormat, FilePart, ReadableFormat } from './disk-tool.ts';

/** How files are compressed that can be unpacked. */
export type Compression = 'gzip' | 'xz' | 'bzip2' | 'zstd';

export type DigestAlgorithm = 'sha256' | 'sha512';

/** Lower-case hex. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  readonly value: string;
}

/** What a received file turned out to be, by its content. */
export interface ReceivedImage {
  readonly kind: ImageKind;
  /** Of the disk (or medium) itself; what is not a {@link DiskFormat} is converted. */
  readonly format: ReadableFormat;
  /** Where the disk lies in the file; null: it is the file. */
  readonly part: FilePart | null;
  /** What a guest will see, in bytes. */
  readonly virtualBytes: number;
  /** Names of an archive's further disks, which are not taken. */
  readonly leftOut: readonly string[];
}

export interface FileWork {
  /** Leave most of the disk's and the process's time to others. */
  readonly slowly?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Files on their way into the library: they are received into a folder that only the service can read, by the id of
 * the image they become, and placed into the library's folder once nothing is left to doubt. Implemented in `storage/`.
 */
export interface ReceivedFiles {
  /** `<storage>/incoming`; on the same file system as the images. */
  readonly directory: string;
  /** Where what will be this image is received: in {@link directory}, named by its id and nothing else. */
  pathOf(imageId: ImageId): string;
  /** Where it will lie as an image: in the library's folder, by a name made of both. */
  placeOf(
    imageId: ImageId,
    name: string,
    image: { readonly kind: ImageKind; readonly format: DiskFormat },
  ): string;
  /** Length in bytes; null when it is not there. */
  size(path: string): Promise<number | null>;
  /** Rejects with `CANCELLED`. */
  digest(path: string, algorithms: readonly DigestAlgorithm[], work?: FileWork): Promise<Digest[]>;
  /**
   * How a file is compressed, by its content; null: it is not. Rejects with `UNSUITABLE_IMAGE` (`unknown-format`) for
   * archives nobody here opens.
   */
  compressionOf(path: string): Promise<Compression | null>;
  /**
   * Put what a compressed file holds in its place; nothing to do when that has been done. Rejects with
   * `UNSUITABLE_IMAGE` (`too-large`, `damaged`), `STORAGE_FULL` before the reserve of the disk is touched,
   * `UNSUPPORTED` where the tool is missing, and `CANCELLED`.
   */
  unpack(path: string, compression: Compression, work?: FileWork): Promise<void>;
  /** Remove what was begun to be unpacked of a file. Nothing there is fine. */
  removeUnpacked(path: string): Promise<void>;
  /** Safe on hostile files. Rejects with `UNSUITABLE_IMAGE`. */
  inspect(path: string): Promise<ReceivedImage>;
  /**
   * Make a qcow2 (or what `format` says) of it at `to`, unless a complete one is there. Rejects with `STORAGE_FULL`
   * before it begins when the reserve of the disk would be touched, `UNSUITABLE_IMAGE` (`damaged`), and `CANCELLED`.
   */
  convert(
    from: { readonly path: string; readonly image: ReceivedImage },
    to: string,
    work?: FileWork & { readonly format?: DiskFormat },
  ): Promise<void>;
  /** Move a file into the library's folder, for good, readable to QEMU; nothing to do when it is there already. */
  place(from: string, to: string): Promise<void>;
  /** What it takes on the disk, in bytes. */
  actualBytes(path: string): Promise<number>;
  /** Remove a file of the store and what was begun of it. Nothing there is fine. Rejects when it lies elsewhere. */
  remove(path: string): Promise<void>;
}

/** Formats that are kept as they came. */
export function isKept(format: ReadableFormat): format is DiskFormat {
  return format === 'raw' || format === 'qcow2';
}
