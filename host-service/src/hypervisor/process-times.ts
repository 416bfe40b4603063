import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** When machines' QEMU processes started, which libvirt does not tell. */
export class ProcessTimes {
  readonly #folder: string | null;

  /** @param runFolder libvirt's run-time folder, e.g. `/run/libvirt`; null when it is not on this machine. */
  constructor(runFolder: string | null) {
    this.#folder = runFolder === null ? null : join(runFolder, 'qemu');
  }

  /**
   * The age of the pid file QEMU writes once, at its start. Preferred to the process itself: it needs no right to
   * read the file, and holds where libvirt's pids are not ours (a daemon in a container). Null when unreadable.
   */
  async startedAt(machineName: string): Promise<Date | null> {
    // libvirt forbids slashes in names; this keeps a bad one from leading elsewhere all the same.
    if (this.#folder === null || machineName === '' || machineName.includes('/')) return null;
    try {
      const { mtime } = await stat(join(this.#folder, `${machineName}.pid`));
      return mtime;
    } catch {
      return null;
    }
  }
}
