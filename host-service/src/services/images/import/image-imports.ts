import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { type Checksum, imageId, type Job } from '@limen/contract';
import type { Downloads } from '../../../ports/downloads.ts';
import type { Jobs } from '../../../ports/jobs.ts';
import type { Presets } from '../../../ports/presets.ts';
import type { Principal } from '../../../ports/principal.ts';
import type { ReceivedFiles } from '../../../ports/received-files.ts';
import { type ImportArgs, withoutQuery } from './import-job.ts';

export interface ImageImportsDependencies {
  readonly downloads: Pick<Downloads, 'check'>;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly presets: Pick<Presets, 'get' | 'suggest'>;
  readonly received: Pick<ReceivedFiles, 'pathOf'>;
}

export interface ImageImport {
  readonly url: string;
  readonly name: string;
  readonly presetId?: string | undefined;
  readonly shared: boolean;
  readonly checksum?: Checksum | undefined;
}

/** Images that this host fetches itself. */
export class ImageImports {
  readonly #deps: ImageImportsDependencies;

  constructor(deps: ImageImportsDependencies) {
    this.#deps = deps;
  }

  /**
   * Begin to fetch an image. Rejects with `UNSUITABLE_IMAGE` (`forbidden-address`) where that can be told from the
   * address alone, `NOT_FOUND` for a preset, and `CONFLICT` (`busy`) while the same person has it fetched already.
   */
  async importUrl(
    principal: Principal,
    { url, name, presetId, shared, checksum }: ImageImport,
  ): Promise<Job> {
    const { downloads, jobs, presets, received } = this.#deps;
    const sumsUrl = checksum?.type === 'sums-file' ? checksum.url : null;
    downloads.check(url);
    if (sumsUrl !== null) downloads.check(sumsUrl);
    const suggested = presets.suggest(basename(new URL(url).pathname)) ?? presets.suggest(name);
    const preset = presetId === undefined ? suggested : presets.get(presetId);
    const id = imageId.parse(randomUUID());
    const args: ImportArgs = {
      imageId: id,
      receivedPath: received.pathOf(id),
      name,
      kind: null,
      presetId: preset?.id ?? null,
      shared,
      ownerId: principal.userId,
      origin: 'url',
      sourceUrl: withoutQuery(url),
      expected: checksum?.type === 'digest' ? { algorithm: checksum.algorithm, value: checksum.value } : null,
      url,
      sumsUrl,
    };
    return jobs.enqueue({
      kind: 'image.import',
      args,
      subject: { name, imageId: id },
      createdBy: principal,
      dedupeKey: `import:${principal.userId}:${url}`,
    });
  }
}
