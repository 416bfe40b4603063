import type { StoredImage } from './images.ts';

/** What a file turned out to be, by its content. */
export type InspectedImage = Pick<StoredImage, 'kind' | 'format' | 'virtualBytes' | 'actualBytes'>;

/** Where the UEFI variables of a template lie, which name what its system boots from: beside it. */
export function variablesPath(imagePath: string): string {
  return `${imagePath}.nvram`;
}

/** The files behind the library, on this host. Implemented in `storage/`. */
export interface ImageFiles {
  /** Make the folders. Rejects with `UNSUPPORTED` where that is impossible. */
  prepare(): Promise<void>;
  /** Regular files of the configured directories, by absolute path; directories that are not there are skipped. */
  candidates(): Promise<string[]>;
  /** Safe on hostile files. Rejects with `UNSUITABLE_IMAGE` when it cannot be used where it lies. */
  inspect(path: string): Promise<InspectedImage>;
  /** What a file takes on the disk, in bytes; null when it is gone or no regular file. */
  actualBytes(path: string): Promise<number | null>;
  /**
   * The files that a qcow2 needs, itself first. Of what is none, it is the only one; a raw disk's guest can make that
   * look as if it needed more.
   */
  neededBy(disk: string): Promise<string[]>;
  /** LIMEN's own disks, finished or not, that need a file; the file itself is left out. */
  ownDisksOn(path: string): Promise<string[]>;
  /** Delete an image's files in the store; nothing there is fine. Rejects when it lies elsewhere. */
  remove(path: string): Promise<void>;
}
