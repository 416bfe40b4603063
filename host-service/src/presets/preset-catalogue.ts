import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LimenError, preset, type Preset } from '@limen/contract';
import type { Presets } from '../ports/presets.ts';

/** In the repository the catalogue is shared by all parts; an installed service has a copy in its own folder. */
const places = ['../../../resources/presets', '../../resources/presets'] as const;

/**
 * Read the catalogue of operating systems, in the order of their names.
 *
 * @throws when there is none, or a file of it is not a preset (the message names the file): a fault of the
 * installation, not of a user.
 */
export async function loadPresets(directory?: string): Promise<Presets> {
  const folder = directory ?? (await findCatalogue());
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const presets = await Promise.all(names.map((name) => readPreset(folder, name)));
  return new PresetCatalogue(presets.toSorted((a, b) => order(a) - order(b) || compareNames(a, b)));
}

async function findCatalogue(): Promise<string> {
  for (const place of places) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    const names = await readdir(folder).catch(() => []);
    if (names.length > 0) return folder;
  }
  throw new Error('the catalogue of operating systems (resources/presets) is not installed');
}

async function readPreset(folder: string, name: string): Promise<Preset> {
  try {
    const found = preset.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    if (`${found.id}.json` !== name) throw new Error(`its id is ${found.id}`);
    for (const pattern of found.fileNames) fileNamePattern(pattern);
    return found;
  } catch (cause) {
    throw new Error(`${join(folder, name)} is not a preset`, { cause });
  }
}

class PresetCatalogue implements Presets {
  readonly list: readonly Preset[];

  constructor(list: readonly Preset[]) {
    this.list = list;
  }

  get(id: string): Preset {
    const found = this.list.find((candidate) => candidate.id === id);
    if (found === undefined) throw new LimenError('NOT_FOUND', { kind: 'preset', id });
    return found;
  }

  suggest(fileName: string): Preset | null {
    return (
      this.list.find(({ fileNames }) =>
        fileNames.some((pattern) => fileNamePattern(pattern).test(fileName)),
      ) ?? null
    );
  }
}

function fileNamePattern(pattern: string): RegExp {
  return new RegExp(pattern, 'i');
}

/** The catch-alls come last. */
function order({ id, family }: Preset): number {
  if (family === 'other') return 2;
  return id === 'linux' ? 1 : 0;
}

function compareNames(a: Preset, b: Preset): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
