import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostLinkId } from '@limen/contract';
import type { HostLinkId } from '@limen/contract';
import { decodeCache, encodeCache, type CachedInventory } from './cache-format.ts';

const WRITE_DELAY_MS = 2_000;

/** The file of a link and how to take what it should hold, at the moment it is written. */
type Snapshot = () => CachedInventory | null;

/**
 * The last inventory of each link on disk, for the first paint of the next start. Losing it costs nothing but that
 * paint, so nothing here ever fails loudly: an unreadable file counts as none.
 */
export class InventoryCache {
  readonly #folder: string;
  readonly #pending = new Map<HostLinkId, { readonly timer: NodeJS.Timeout; readonly take: Snapshot }>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  read(linkId: HostLinkId): CachedInventory | null {
    try {
      return decodeCache(readFileSync(this.#file(linkId), 'utf8'));
    } catch {
      return null;
    }
  }

  /** Write soon; a host that changes all the time costs one write in two seconds. */
  schedule(linkId: HostLinkId, take: Snapshot): void {
    if (this.#pending.has(linkId)) return;
    const timer = setTimeout(() => this.#write(linkId), WRITE_DELAY_MS);
    this.#pending.set(linkId, { timer, take });
  }

  remove(linkId: HostLinkId): void {
    this.#cancel(linkId);
    rmSync(this.#file(linkId), { force: true });
  }

  /** Delete what belongs to no link, e.g. after the list of links was lost. */
  removeAllBut(kept: ReadonlySet<HostLinkId>): void {
    for (const name of readdirSync(this.#folder)) {
      const id = hostLinkId.safeParse(name.replace(/\.json$/, ''));
      if (!id.success || !kept.has(id.data)) rmSync(join(this.#folder, name), { force: true });
    }
  }

  /** Write what is pending, now; the application ends. */
  flush(): void {
    for (const linkId of this.#pending.keys()) this.#write(linkId);
  }

  #write(linkId: HostLinkId): void {
    const pending = this.#pending.get(linkId);
    this.#cancel(linkId);
    const inventory = pending?.take() ?? null;
    if (inventory === null) return;
    const file = this.#file(linkId);
    const draft = `${file}.new`;
    try {
      writeFileSync(draft, encodeCache(inventory), { mode: 0o600 });
      renameSync(draft, file);
    } catch {
      // A full disk: the next start paints a little later.
      rmSync(draft, { force: true });
    }
  }

  #cancel(linkId: HostLinkId): void {
    clearTimeout(this.#pending.get(linkId)?.timer);
    this.#pending.delete(linkId);
  }

  #file(linkId: HostLinkId): string {
    return join(this.#folder, `${linkId}.json`);
  }
}
