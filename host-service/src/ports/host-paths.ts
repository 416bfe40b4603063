/** What a path of this host leads to; `other`: a socket, a pipe, a terminal. */
export type PathKind = 'file' | 'block' | 'folder' | 'other';

/** Paths of this host, looked at and never changed. Implemented in `storage/`. */
export interface HostPaths {
  /** With links resolved as far as it is there; the rest is only tidied up. */
  canonical(path: string): Promise<string>;
  /** Null when there is nothing, or nothing that may be looked at. */
  kind(path: string): Promise<PathKind | null>;
  /** Whether a folder has something in it; null when it is none. */
  isEmptyFolder(path: string): Promise<boolean | null>;
}
