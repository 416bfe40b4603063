import type { ImageId } from '@limen/contract';
import type { UploadFiles, UploadRecord } from '../../ports/upload-files.ts';

type Records = Map<string, UploadRecord>;

/** The records of uploads: read once, and from then on kept in memory as they are on the disk. */
export class UploadBook {
  readonly #files: Pick<UploadFiles, 'records' | 'save' | 'removeRecord'>;
  readonly #records: Records = new Map();
  #reading: Promise<void> | null = null;

  constructor(files: Pick<UploadFiles, 'records' | 'save' | 'removeRecord'>) {
    this.#files = files;
  }

  /** Those that have been read so far. */
  get known(): readonly UploadRecord[] {
    return [...this.#records.values()];
  }

  async all(): Promise<readonly UploadRecord[]> {
    await this.#ready();
    return this.known;
  }

  async get(id: string): Promise<UploadRecord | undefined> {
    await this.#ready();
    return this.#records.get(id);
  }

  async put(record: UploadRecord): Promise<void> {
    await this.#ready();
    await this.#files.save(record);
    this.#records.set(record.id, record);
  }

  async remove(id: ImageId): Promise<void> {
    this.#records.delete(id);
    await this.#files.removeRecord(id);
  }

  #ready(): Promise<void> {
    this.#reading ??= this.#read().catch((error: unknown) => {
      // Whoever asks next tries again.
      this.#reading = null;
      throw error;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    for (const record of await this.#files.records()) this.#records.set(record.id, record);
  }
}
