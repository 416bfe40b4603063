import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  FeedMessage,
  HostLink as HostLinkView,
  HostLinkId,
  LinkState,
  MetricsEvent,
} from '@limen/contract';
import { InventoryCache } from '../cache/inventory-cache.ts';
import type { LinkRecord } from '../host-link/link-record.ts';
import { HostLinks } from '../host-link/host-links.ts';
import { tlsTransport } from '../host-link/tls-transport.ts';
import type { UploadRecord } from '../uploads/upload-record.ts';
import { Uploads } from '../uploads/uploads.ts';
import { MemoryTokens } from './fake-host.ts';

type InventoryMessage = Extract<FeedMessage, { type: 'inventory' }>;

/** What survives a restart of the desktop. */
export class DesktopDisk {
  records: readonly LinkRecord[] = [];
  readonly tokens = new Map<HostLinkId, MemoryTokens>();
  uploads: readonly UploadRecord[] = [];
  readonly cacheFolder = mkdtempSync(join(tmpdir(), 'limen-desktop-'));

  remove(): void {
    rmSync(this.cacheFolder, { recursive: true });
  }
}

/** The links and uploads of a desktop with the real transport and the real cache, without Electron around them. */
export class DesktopLinks {
  readonly links: HostLinks;
  readonly uploads: Uploads;
  readonly cache: InventoryCache;
  readonly inventory: InventoryMessage[] = [];
  readonly metrics: MetricsEvent[] = [];
  readonly history: LinkState[] = [];
  #listeners: (() => void)[] = [];

  constructor(disk: DesktopDisk) {
    this.cache = new InventoryCache(disk.cacheFolder);
    this.links = new HostLinks(
      {
        transport: tlsTransport,
        identity: { name: 'LIMEN', version: '0.1.0', device: 'integration test' },
        records: {
          read: () => disk.records,
          write: (records) => {
            disk.records = records;
          },
        },
        tokens: (id) => {
          const tokens = disk.tokens.get(id) ?? new MemoryTokens(null);
          disk.tokens.set(id, tokens);
          return tokens;
        },
        cache: this.cache,
      },
      {
        links: () => {
          const state = this.links.describe()[0]?.state;
          if (state !== undefined && state !== this.history.at(-1)) this.history.push(state);
          this.uploads.linksChanged();
          this.#changed();
        },
        inventory: (linkId, cached, event) => {
          this.inventory.push({ type: 'inventory', linkId, cached, event });
          this.#changed();
        },
        metrics: (_linkId, event) => {
          this.metrics.push(event);
          this.#changed();
        },
        metricsLost: () => {},
        jobs: (linkId, event) => {
          this.uploads.jobsChanged(linkId, event);
          this.#changed();
        },
        images: () => this.#changed(),
        forgotten: (linkId) => this.uploads.forgetLink(linkId),
      },
    );
    this.uploads = new Uploads({
      host: (linkId) => this.links.find(linkId),
      job: (linkId, jobId) => this.links.job(linkId, jobId),
      store: {
        read: () => disk.uploads,
        write: (records) => {
          disk.uploads = records;
        },
      },
      changed: () => this.#changed(),
    });
  }

  get view(): HostLinkView {
    const [link] = this.links.describe();
    if (link === undefined) throw new Error('there is no link');
    return link;
  }

  /** Resolves at the event that makes it true, with the milliseconds it took. */
  until(holds: () => boolean, timeoutMs = 20_000): Promise<number> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners = this.#listeners.filter((listener) => listener !== look);
        reject(new Error(`not within ${timeoutMs} ms; the link is ${JSON.stringify(this.links.describe())}`));
      }, timeoutMs);
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#listeners = this.#listeners.filter((listener) => listener !== look);
        resolve(performance.now() - startedAt);
      };
      this.#listeners.push(look);
      look();
    });
  }

  untilState(state: LinkState, timeoutMs?: number): Promise<number> {
    return this.until(() => this.view.state === state, timeoutMs);
  }

  close(): void {
    this.uploads.dispose();
    this.cache.flush();
    this.links.dispose();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
