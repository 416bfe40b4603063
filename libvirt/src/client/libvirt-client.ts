import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionLostError } from '../errors/libvirt-error.ts';
import { domainEvents, type DomainEventName, type DomainEventPayload } from '../events/domain-events.ts';
import type { AnyEventKind, EventKind } from '../events/event-kind.ts';
import type { Lane, Procedure, StreamProcedure } from '../procedures/define.ts';
import type { StreamOptions } from '../streams/call-stream.ts';
import type { CallOptions } from '../transport/call-window.ts';
import type { Connection, OpenedStream } from '../transport/connection.ts';
import { backoffDelay, type BackoffOptions } from './backoff.ts';
import { connectionOpener, type DaemonConnectionOptions } from './connection-opener.ts';
import { EventSubscriptions } from './event-subscriptions.ts';
import { Listeners } from './listeners.ts';
import { SideConnections } from './side-connections.ts';

export interface ClientOptions extends DaemonConnectionOptions {
  /** Default: 100 ms doubling to 5 s. */
  readonly backoff?: BackoffOptions;
  /** Told what is worth a log line and needs no action. */
  readonly onWarning?: (message: string, error: Error) => void;
}

export interface ClientCallOptions extends CallOptions {
  /** Another connection than the procedure's own, e.g. for a use of it that is known to be quick. */
  readonly lane?: Lane;
}

export type ClientState = 'idle' | 'connecting' | 'connected' | 'unavailable' | 'closed';

export interface ClientStatus {
  readonly state: ClientState;
  readonly since: Date;
  /** Why the client is `unavailable`. */
  readonly error: Error | null;
}

const DEFAULT_BACKOFF: BackoffOptions = { initialMs: 100, maximumMs: 5_000 };
/** A connection that held this long starts the back-off afresh; one that did not is part of the same trouble. */
const STABLE_AFTER_MS = 10_000;

/**
 * A libvirt daemon that is always there or coming back. Holds one connection for reads and events, one (on demand)
 * for each other {@link Lane}, and one per stream, because the daemon handles only five calls of a connection at a
 * time and an unread stream blocks its whole connection.
 */
export class LibvirtClient {
  readonly #options: ClientOptions;
  readonly #open: () => Promise<Connection>;
  readonly #stop = new AbortController();
  readonly #statusListeners = new Listeners<[ClientStatus]>();
  readonly #events: EventSubscriptions;
  readonly #side: SideConnections;
  #status: ClientStatus = { state: 'idle', since: new Date(), error: null };
  /** The connection that is in use, or about to be. */
  #held: Connection | null = null;
  /** {@link #held} once events are subscribed on it. */
  #main: Connection | null = null;
  #running: Promise<void> | null = null;

  /** Does not connect yet. Throws RangeError for a URI it cannot reach by itself. */
  constructor(options: ClientOptions) {
    this.#options = options;
    this.#open = connectionOpener(options, this.#stop.signal);
    this.#side = new SideConnections(this.#open);
    this.#events = new EventSubscriptions((message, error) => options.onWarning?.(message, error));
  }

  get status(): ClientStatus {
    return this.#status;
  }

  /** Begin connecting; returns at once. Connects again, for ever, whenever the connection is lost. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Close all connections and streams, within a second even when the daemon does not answer. Final. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#held?.close(), this.#side.close()]);
    await this.#running;
    this.#setStatus('closed', null);
  }

  /** Called on every change. `connected` comes after events are subscribed: a full list made then misses nothing. */
  onStatus(listener: (status: ClientStatus) => void): () => void {
    return this.#statusListeners.add(listener);
  }

  /** Hear one kind of domain event of all domains, now and after every reconnect. */
  onDomainEvent<N extends DomainEventName>(
    name: N,
    listener: (event: DomainEventPayload<N>) => void,
  ): () => void {
    const kind: AnyEventKind = domainEvents[name];
    return this.onEvent(kind as EventKind<DomainEventPayload<N>>, listener);
  }

  /**
   * Hear one kind of event, e.g. `events.network.lifecycle`, of all its objects, now and after every reconnect.
   * Returns the function that stops it; the daemon is asked for a kind only while somebody listens.
   */
  onEvent<T>(kind: EventKind<T>, listener: (event: T) => void): () => void {
    return this.#events.add(kind, listener);
  }

  /**
   * Call a procedure on the connection its lane names. Rejects with LibvirtError, ConnectionLostError (at once
   * while there is no connection), DeadlineError, RangeError or the signal's reason.
   */
  async call<A, R>(procedure: Procedure<A, R>, args: A, options: ClientCallOptions = {}): Promise<R> {
    const connection = await this.#connection(options.lane ?? procedure.lane);
    return connection.call(procedure, args, options);
  }

  /** Call a procedure that opens a stream, on a connection of its own that closes with the stream. */
  async openStream<A, R>(
    procedure: StreamProcedure<A, R>,
    args: A,
    options: CallOptions & StreamOptions = {},
  ): Promise<OpenedStream<R>> {
    this.#requireMain();
    const connection = await this.#side.openOwn();
    try {
      const opened = await connection.openStream(procedure, args, options);
      opened.stream.once('close', () => void connection.close());
      return opened;
    } catch (error) {
      void connection.close();
      throw error;
    }
  }

  async #connection(lane: Lane): Promise<Connection> {
    const main = this.#requireMain();
    return lane === 'read' ? main : this.#side.get(lane);
  }

  #requireMain(): Connection {
    if (this.#main !== null) return this.#main;
    const { error } = this.#status;
    throw new ConnectionLostError(error?.message ?? 'not connected to libvirt', { cause: error });
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#stop.signal.aborted; attempt += 1) {
      this.#setStatus('connecting', this.#status.error);
      const started = performance.now();
      const error = await this.#holdConnection();
      if (this.#stop.signal.aborted) return;
      this.#setStatus('unavailable', error);
      if (performance.now() - started > STABLE_AFTER_MS) attempt = 0;
      const wait = backoffDelay(attempt, this.#options.backoff ?? DEFAULT_BACKOFF);
      await delay(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Connect, subscribe, announce, and wait for the end, whose reason it returns. */
  async #holdConnection(): Promise<Error> {
    let connection: Connection;
    try {
      connection = await this.#open();
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    this.#held = connection;
    if (this.#stop.signal.aborted) void connection.close();
    await this.#events.attach(connection);
    if (connection.isOpen) {
      this.#main = connection;
      this.#events.deliver(connection);
      this.#setStatus('connected', null);
    }
    const reason = await connection.closed;
    this.#held = null;
    this.#main = null;
    this.#events.detach();
    return reason;
  }

  #setStatus(state: ClientState, error: Error | null): void {
    this.#status = { state, since: new Date(), error };
    this.#statusListeners.emit(this.#status);
  }
}
