export interface DownloadRequest {
  /** http or https, without credentials. */
  readonly url: string;
  /** Where the file is to lie once it is complete. What an earlier attempt got of it is kept beside. */
  readonly path: string;
  readonly maxBytes: number;
  /** Whether an https address may lead to an http one: only where the bytes are compared with a digest. */
  readonly mayBecomeInsecure: boolean;
}

export interface DownloadWork {
  readonly signal: AbortSignal;
  /** Called only where the size is known. */
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
  /** Sentences for people: where from, how fast, why again. */
  readonly log: (text: string) => void;
}

/**
 * Files of other servers, fetched by this host from public addresses and those the configuration allows. All methods
 * reject with `UNSUITABLE_IMAGE` (`forbidden-address`, `too-many-redirects`, `too-large`, `download-failed`) or
 * `CANCELLED`. Implemented in `storage/`.
 */
export interface Downloads {
  /** Throw when an address can be seen to be none to fetch from. Asks nobody, so that a name may still turn out to be. */
  check(url: string): void;
  /** A small document as text. */
  readText(url: string, limits: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<string>;
  /**
   * Fetch a file, going on where an earlier call, or life of this process, stopped; nothing to do when it is there
   * already. Passing failures are repeated for as long as anything arrives. Rejects with `STORAGE_FULL` also before
   * the reserve of the disk is touched. Whatever it rejects with, what arrived stays: see {@link discard}.
   */
  fetch(request: DownloadRequest, work: DownloadWork): Promise<void>;
  /** Remove a file and what was begun of it. Nothing there is fine. */
  discard(path: string): Promise<void>;
}
