import type { Preset } from '@limen/contract';

/** What operating systems want of their machines. Implemented in `presets/`. */
export interface Presets {
  /** In the order of their names, catch-alls last. */
  readonly list: readonly Preset[];
  /** Throws `NOT_FOUND`. */
  get(id: string): Preset;
  /** The preset an image's file name speaks of; null when it says nothing. */
  suggest(fileName: string): Preset | null;
}
