import { randomUUID } from 'node:crypto';
import { formatAddress, hostLinkId, LimenError, parseAddress, parsePairingLink } from '@limen/contract';
import type {
  FeedMessage,
  HostLink as HostLinkView,
  HostLinkId,
  HostProbe,
  ImagesEvent,
  InventoryEvent,
  Job,
  JobId,
  JobsEvent,
} from '@limen/contract';
import type { InventoryCache } from '../cache/inventory-cache.ts';
import type { Disposable } from '../common/disposable.ts';
import type { ClientIdentity } from './handshake.ts';
import { HostLink, type HostLinkListener } from './host-link.ts';
import { LibraryStore } from './library-store.ts';
import type { LinkRecord } from './link-record.ts';
import { probeHost } from './probe.ts';
import type { RefreshTokenStore } from './session-keeper.ts';
import type { HostTransport } from './transport.ts';

export interface LinkRecordStore {
  read(): readonly LinkRecord[];
  write(records: readonly LinkRecord[]): void;
}

export interface HostLinksDependencies {
  readonly transport: HostTransport;
  readonly identity: ClientIdentity;
  readonly records: LinkRecordStore;
  readonly tokens: (linkId: HostLinkId) => RefreshTokenStore;
  readonly cache: InventoryCache;
}

/** What becomes of the state of all links; the feed to the windows, and window titles. */
export interface HostLinksListener {
  readonly links: () => void;
  readonly inventory: (linkId: HostLinkId, cached: boolean, event: InventoryEvent) => void;
  readonly metrics: (linkId: HostLinkId, event: Extract<FeedMessage, { type: 'metrics' }>['event']) => void;
  readonly metricsLost: (linkId: HostLinkId) => void;
  readonly jobs: (linkId: HostLinkId, event: JobsEvent) => void;
  readonly images: (linkId: HostLinkId, event: ImagesEvent) => void;
  /** The link was removed, or its person signed out or is another now. */
  readonly forgotten: (linkId: HostLinkId) => void;
}

interface Entry {
  readonly link: HostLink;
  readonly library: LibraryStore;
  /** False until the host has spoken: what is shown till then came from the disk. */
  heard: boolean;
}

/** All hosts this desktop knows. Each has its own link; none waits for another. */
export class HostLinks implements Disposable {
  readonly #dependencies: HostLinksDependencies;
  readonly #listener: HostLinksListener;
  readonly #entries = new Map<HostLinkId, Entry>();
  /** What hosts called themselves before they were added, by fingerprint: their names until the first sign-in. */
  readonly #probedNames = new Map<string, string>();

  constructor(dependencies: HostLinksDependencies, listener: HostLinksListener) {
    this.#dependencies = dependencies;
    this.#listener = listener;
  }

  /** Open every saved link; each paints from its cache before its host has answered. */
  start(): void {
    const records = this.#dependencies.records.read();
    this.#dependencies.cache.removeAllBut(new Set(records.map((record) => record.id)));
    for (const record of records) this.#open(record);
  }

  describe(): HostLinkView[] {
    return [...this.#entries.values()].map(({ link }) => link.describe());
  }

  /** What a window that just opened needs to know of the machines. */
  *inventories(): Iterable<Extract<FeedMessage, { type: 'inventory' }>> {
    for (const [linkId, { link, heard }] of this.#entries) {
      const event = link.store.snapshot();
      if (event !== null) yield { type: 'inventory', linkId, cached: !heard, event };
    }
  }

  /** What a window that just opened needs to know of jobs and images. */
  *libraries(): Iterable<Extract<FeedMessage, { type: 'jobs' | 'images' }>> {
    for (const [linkId, { library }] of this.#entries) {
      const { jobs, images } = library.snapshots();
      if (jobs !== null) yield { type: 'jobs', linkId, event: jobs };
      if (images !== null) yield { type: 'images', linkId, event: images };
    }
  }

  /** A job as last known; null for one that is not. */
  job(linkId: HostLinkId, jobId: JobId): Job | null {
    return this.#entries.get(linkId)?.library.jobs.get(jobId) ?? null;
  }

  find(linkId: HostLinkId): HostLink | undefined {
    return this.#entries.get(linkId)?.link;
  }

  /** Rejects with `NOT_FOUND` for a link that was removed meanwhile. */
  get(linkId: HostLinkId): HostLink {
    const link = this.find(linkId);
    if (link === undefined) throw new LimenError('NOT_FOUND', { kind: 'link', id: linkId });
    return link;
  }

  async probe(address: string): Promise<HostProbe> {
    const probe = await probeHost(this.#dependencies.transport, address, this.#dependencies.identity);
    this.#probedNames.set(probe.fingerprint, probe.hostName);
    return probe;
  }

  /** Know a host by its address; one already known gets the certificate that was compared now. */
  add(address: string, fingerprint: string): HostLink {
    const parsed = parseAddress(address);
    if (parsed === null)
      throw new LimenError('INVALID_INPUT', { issues: [{ path: ['address'], message: 'not host:port' }] });
    const canonical = formatAddress(parsed);
    for (const { link } of this.#entries.values()) {
      if (link.record.address !== canonical) continue;
      if (link.record.fingerprint !== fingerprint) link.trust(fingerprint);
      return link;
    }
    const link = this.#open({
      id: hostLinkId.parse(randomUUID()),
      address: canonical,
      fingerprint,
      givenName: null,
      hostName: this.#probedNames.get(fingerprint) ?? null,
      hostId: null,
      user: null,
    });
    this.#save();
    this.#listener.links();
    return link;
  }

  /**
   * Add the host of a `limen://pair` link and sign in with its one-time code. A host that was not known before is
   * forgotten again when that fails.
   */
  async pair(pairingLink: string): Promise<HostLink> {
    const pairing = parsePairingLink(pairingLink);
    if (pairing === null)
      throw new LimenError('INVALID_INPUT', { issues: [{ path: ['link'], message: 'not a pairing link' }] });
    const known = new Set(this.#entries.keys());
    const link = this.add(pairing.address, pairing.fingerprint);
    try {
      await link.pair(pairing.code);
    } catch (error) {
      if (!known.has(link.record.id)) this.remove(link.record.id);
      throw error;
    }
    return link;
  }

  /** Forget a host, its session, and what was cached of it. */
  remove(linkId: HostLinkId): void {
    const link = this.get(linkId);
    this.#entries.delete(linkId);
    // On the host the session ends too, if it can be told; nobody waits for that.
    void link.signOut().finally(() => link.dispose());
    this.#dependencies.cache.remove(linkId);
    this.#save();
    this.#listener.metricsLost(linkId);
    this.#listener.forgotten(linkId);
    this.#listener.links();
  }

  /** The computer woke up or its network changed. */
  wake(): void {
    for (const { link } of this.#entries.values()) link.wake();
  }

  dispose(): void {
    for (const { link } of this.#entries.values()) link.dispose();
  }

  #open(record: LinkRecord): HostLink {
    const { transport, identity, tokens, cache } = this.#dependencies;
    const link = new HostLink(record, {
      transport,
      identity,
      tokens: tokens(record.id),
      listener: this.#listenerOf(record.id),
    });
    this.#entries.set(record.id, { link, library: new LibraryStore(), heard: false });
    const cached = record.user === null ? null : cache.read(record.id);
    if (cached !== null) link.store.apply(cached.inventory);
    link.start(cached?.syncedAt ?? null);
    return link;
  }

  #listenerOf(linkId: HostLinkId): HostLinkListener {
    const { cache } = this.#dependencies;
    return {
      changed: () => {
        const link = this.find(linkId);
        if (link === undefined) return;
        if (link.state !== 'live') this.#listener.metricsLost(linkId);
        this.#listener.links();
      },
      recordChanged: () => this.#save(),
      inventory: (event) => {
        const entry = this.#entries.get(linkId);
        if (entry === undefined) return;
        entry.heard = true;
        this.#listener.inventory(linkId, false, event);
        cache.schedule(linkId, () => snapshotOf(entry.link));
      },
      metrics: (event) => {
        if (this.#entries.has(linkId)) this.#listener.metrics(linkId, event);
      },
      jobs: (event) => {
        const entry = this.#entries.get(linkId);
        if (entry === undefined) return;
        entry.library.applyJobs(event);
        this.#listener.jobs(linkId, event);
      },
      images: (event) => {
        const entry = this.#entries.get(linkId);
        if (entry === undefined) return;
        entry.library.applyImages(event);
        this.#listener.images(linkId, event);
      },
      forgotten: () => {
        const entry = this.#entries.get(linkId);
        cache.remove(linkId);
        if (entry === undefined) return;
        entry.heard = false;
        this.#listener.inventory(linkId, true, nothingKnown());
        const { jobs, images } = entry.library.snapshots();
        entry.library.reset();
        if (jobs !== null) this.#listener.jobs(linkId, { type: 'snapshot', jobs: [] });
        if (images !== null) this.#listener.images(linkId, { type: 'snapshot', images: [] });
        this.#listener.forgotten(linkId);
      },
    };
  }

  #save(): void {
    this.#dependencies.records.write([...this.#entries.values()].map(({ link }) => link.record));
  }
}

function snapshotOf(
  link: HostLink,
): { inventory: NonNullable<ReturnType<HostLink['store']['snapshot']>>; syncedAt: Date } | null {
  const inventory = link.store.snapshot();
  const { syncedAt } = link.describe();
  return inventory === null || syncedAt === null ? null : { inventory, syncedAt: new Date(syncedAt) };
}

/** Tells windows to drop the machines of a link. No host ever has this epoch. */
function nothingKnown(): InventoryEvent {
  const since = new Date().toISOString();
  return {
    type: 'snapshot',
    epoch: '00000000-0000-0000-0000-000000000000',
    revision: 0,
    hypervisor: { state: 'connecting', since, detail: null },
    machines: [],
  };
}
