import type { Readable } from 'node:stream';
import { DataStore, Upload } from '@tus/server';
import type { Uploads } from '../../../services/images/uploads.ts';

/**
 * What the tus server writes to: our uploads, whose files it never sees. (Not `@tus/file-store`: that one ends the
 * process when it cannot make its folder, has one word for a full disk and a client that left, and takes a file that
 * became an image for one that was lost.)
 */
export class UploadStore extends DataStore {
  override extensions = ['creation', 'creation-with-upload', 'termination'];
  readonly #uploads: Uploads;
  readonly #onBytes: (count: number) => void;

  /** @param onBytes told of what was received, as it comes */
  constructor(uploads: Uploads, onBytes: (count: number) => void) {
    super();
    this.#uploads = uploads;
    this.#onBytes = onBytes;
  }

  override write(source: Readable, id: string, offset: number): Promise<number> {
    return this.#uploads.receive(id, offset, this.#counted(source));
  }

  override async getUpload(id: string): Promise<Upload> {
    const { bytes, received } = await this.#uploads.progress(id);
    return new Upload({ id, size: bytes, offset: received });
  }

  override remove(id: string): Promise<void> {
    return this.#uploads.cancel(id);
  }

  async *#counted(source: Readable): AsyncGenerator<Buffer, void, void> {
    // Left as it is when writing fails: its end would be taken for the client's, and hide why.
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.#onBytes(chunk.length);
      yield chunk;
    }
  }
}
