import { basename, extname } from 'node:path';
import { imageName, LimenError, type Machine } from '@limen/contract';
import type { ImageFiles } from '../../ports/image-files.ts';
import type { ImageStore, StoredImage } from '../../ports/images.ts';
import type { Presets } from '../../ports/presets.ts';

export interface ScanDependencies {
  readonly files: Pick<ImageFiles, 'candidates' | 'inspect'>;
  readonly store: Pick<ImageStore, 'addFound'>;
  readonly presets: Pick<Presets, 'suggest'>;
  /** Of all machines: what they write to is no image. */
  readonly disks: readonly Machine['disks'][number][];
  /** Paths that have an entry. */
  readonly known: ReadonlySet<string>;
}

export interface ScanResult {
  readonly added: StoredImage[];
  /** What looks like an image by its name and is none, or none that can be used as it is. */
  readonly refused: { path: string; reason: string }[];
}

/** Names by which people expect a file to be an image; the content decides all the same. */
const IMAGE_NAME = /\.(?:iso|qcow2?|img|raw|vmdk|vhdx?|vdi|ova)$/i;
const LONGEST_NAME = 128;

/** Enter every usable image of the configured directories that has no entry yet. */
export async function scanForImages({
  files,
  store,
  presets,
  disks,
  known,
}: ScanDependencies): Promise<ScanResult> {
  const written = new Set(disks.filter(({ device }) => device !== 'cdrom').map(({ source }) => source));
  const added: StoredImage[] = [];
  const refused: { path: string; reason: string }[] = [];
  for (const path of await files.candidates()) {
    if (known.has(path) || written.has(path)) continue;
    try {
      const inspected = await files.inspect(path);
      const presetId = presets.suggest(basename(path))?.id ?? null;
      const image = await store.addFound({ ...inspected, path, name: nameOf(path), presetId });
      if (image !== null) added.push(image);
    } catch (error) {
      if (LimenError.is(error, 'DATABASE_UNAVAILABLE') || LimenError.is(error, 'UNSUPPORTED')) throw error;
      if (IMAGE_NAME.test(path)) refused.push({ path, reason: reasonOf(error) });
    }
  }
  return { added, refused };
}

/** The file's name without what only says its format, as far as it can be a name of the library. */
function nameOf(path: string): string {
  const file = basename(path);
  const bare = basename(file, extname(file));
  const name = imageName.safeParse(bare.replaceAll(/[\p{Cc}\\]/gu, ' ').slice(0, LONGEST_NAME));
  return name.success ? name.data : 'image';
}

function reasonOf(error: unknown): string {
  if (LimenError.is(error, 'UNSUITABLE_IMAGE')) return error.data.detail;
  return error instanceof Error ? error.message : String(error);
}
