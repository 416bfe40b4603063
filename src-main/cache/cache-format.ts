import { inventoryEvent } from '@limen/contract';
import type { InventoryEvent } from '@limen/contract';
import { z } from 'zod';

/** Raised when the shape changes; a file of another version is ignored. */
const VERSION = 1;

const cacheFile = z.object({
  version: z.literal(VERSION),
  syncedAt: z.iso.datetime(),
  inventory: inventoryEvent,
});

export interface CachedInventory {
  readonly inventory: Extract<InventoryEvent, { type: 'snapshot' }>;
  /** Until when it was true. */
  readonly syncedAt: Date;
}

export function encodeCache({ inventory, syncedAt }: CachedInventory): string {
  return JSON.stringify({ version: VERSION, syncedAt: syncedAt.toISOString(), inventory });
}

/** Returns null for anything but a complete file of this version: it may be of an older desktop, or half a disk. */
export function decodeCache(text: string): CachedInventory | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = cacheFile.safeParse(value);
  if (!parsed.success || parsed.data.inventory.type !== 'snapshot') return null;
  return { inventory: parsed.data.inventory, syncedAt: new Date(parsed.data.syncedAt) };
}
