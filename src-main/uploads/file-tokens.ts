import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { fileToken, LimenError } from '@limen/contract';
import type { ChosenFile, FileToken } from '@limen/contract';
import type { FileIdentity } from './upload-record.ts';

/** Somebody who chooses more files than this without uploading any has forgotten the first. */
const KEPT = 256;

/**
 * Stands between the page and paths: a page can name only files that a person chose in the system's own dialog, so
 * that a page gone wrong cannot send any other file of this computer to a host.
 */
export class FileTokens {
  readonly #files = new Map<FileToken, FileIdentity>();

  issue(file: FileIdentity): ChosenFile {
    const token = fileToken.parse(randomUUID());
    this.#files.set(token, file);
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= KEPT) break;
      this.#files.delete(oldest);
    }
    return { token, fileName: basename(file.path), bytes: file.bytes };
  }

  /** The file behind a token, which is spent. Throws `NOT_FOUND` for one that was never given, or was spent. */
  redeem(token: FileToken): FileIdentity {
    const file = this.#files.get(token);
    if (file === undefined) throw new LimenError('NOT_FOUND', { kind: 'file', id: token });
    this.#files.delete(token);
    return file;
  }
}
