import type {
  FeedMessage,
  HostLinkId,
  ImagesEvent,
  InventoryEvent,
  JobsEvent,
  MetricsEvent,
  Settings,
  ShowTarget,
  Upload,
} from '@limen/contract';

/** The end of a feed port that this process holds. */
export interface FeedPort {
  postMessage(message: FeedMessage): void;
  onClose(listener: () => void): void;
}

/** Where a window that opens its feed gets everything there is. */
export interface FeedSource {
  settings(): Settings;
  links(): Extract<FeedMessage, { type: 'links' }>['links'];
  /** One snapshot for each link that has machines to show, fresh or cached. */
  inventories(): Iterable<Extract<FeedMessage, { type: 'inventory' }>>;
  /** Snapshots of jobs and images, for each link that has told them. */
  libraries(): Iterable<Extract<FeedMessage, { type: 'jobs' | 'images' }>>;
  uploads(): readonly Upload[];
}

/**
 * Carries all state to all windows, in one order. A window that opens its feed first gets everything there is
 * (settings, links, snapshots of each link, uploads, the last metrics), then every change.
 */
export class FeedHub {
  readonly #source: FeedSource;
  readonly #ports = new Map<number, FeedPort>();
  /** What windows that have no feed yet are to show first. */
  readonly #wishes = new Map<number, ShowTarget>();
  /** The last layout and frame of each link, so that a new window does not wait for the next tick. */
  readonly #metrics = new Map<HostLinkId, Map<MetricsEvent['type'], MetricsEvent>>();

  constructor(source: FeedSource) {
    this.#source = source;
  }

  /** @param windowId one feed a window: a second one (after a reload) replaces the first */
  attach(windowId: number, port: FeedPort): void {
    this.#ports.set(windowId, port);
    port.onClose(() => {
      if (this.#ports.get(windowId) === port) this.#ports.delete(windowId);
    });
    port.postMessage({ type: 'settings', settings: this.#source.settings() });
    port.postMessage({ type: 'links', links: this.#source.links() });
    for (const message of this.#source.inventories()) port.postMessage(message);
    for (const message of this.#source.libraries()) port.postMessage(message);
    port.postMessage({ type: 'uploads', uploads: this.#source.uploads() });
    for (const [linkId, events] of this.#metrics) {
      for (const type of ['layout', 'frame'] as const) {
        const event = events.get(type);
        if (event !== undefined) port.postMessage({ type: 'metrics', linkId, event });
      }
    }
    const target = this.#wishes.get(windowId);
    this.#wishes.delete(windowId);
    if (target !== undefined) port.postMessage({ type: 'show', target });
  }

  settings(settings: Settings): void {
    this.#broadcast({ type: 'settings', settings });
  }

  links(): void {
    this.#broadcast({ type: 'links', links: this.#source.links() });
  }

  inventory(linkId: HostLinkId, cached: boolean, event: InventoryEvent): void {
    this.#broadcast({ type: 'inventory', linkId, cached, event });
  }

  jobs(linkId: HostLinkId, event: JobsEvent): void {
    this.#broadcast({ type: 'jobs', linkId, event });
  }

  images(linkId: HostLinkId, event: ImagesEvent): void {
    this.#broadcast({ type: 'images', linkId, event });
  }

  uploads(): void {
    this.#broadcast({ type: 'uploads', uploads: this.#source.uploads() });
  }

  metrics(linkId: HostLinkId, event: MetricsEvent): void {
    const known = this.#metrics.get(linkId) ?? new Map<MetricsEvent['type'], MetricsEvent>();
    // A frame means nothing against another layout than its own.
    if (event.type === 'layout') known.delete('frame');
    known.set(event.type, event);
    this.#metrics.set(linkId, known);
    this.#broadcast({ type: 'metrics', linkId, event });
  }

  /** The link is not live: its last figures are no longer worth showing to a new window. */
  forgetMetrics(linkId: HostLinkId): void {
    this.#metrics.delete(linkId);
  }

  /** Have a window bring something to the screen; one that is only being opened does when it asks for its feed. */
  show(windowId: number, target: ShowTarget): void {
    const port = this.#ports.get(windowId);
    if (port === undefined) this.#wishes.set(windowId, target);
    else port.postMessage({ type: 'show', target });
  }

  command(windowId: number, command: Extract<FeedMessage, { type: 'command' }>['command']): void {
    this.#ports.get(windowId)?.postMessage({ type: 'command', command });
  }

  #broadcast(message: FeedMessage): void {
    for (const port of this.#ports.values()) port.postMessage(message);
  }
}
