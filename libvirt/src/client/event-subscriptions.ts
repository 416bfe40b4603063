import { LibvirtError } from '../errors/libvirt-error.ts';
import type { AnyEventKind, EventKind } from '../events/event-kind.ts';
import { eventName, eventRegistrations } from '../events/event-table.ts';
import type { Connection } from '../transport/connection.ts';
import { Listeners } from './listeners.ts';

/** What is registered for one kind at the daemon of the current connection. */
interface Registration {
  /** null: not registered. */
  callbackId: number | null;
  /** The daemon does not know the event: no use asking again. */
  refused: boolean;
  /** Brings the registration in line with the listeners; null while it is. */
  settling: Promise<void> | null;
}

type Warn = (message: string, error: Error) => void;

/**
 * Who wants to hear which events, and what the daemon was asked for: one registration per kind that has
 * listeners, made when the first comes and taken back when the last goes, on whatever connection there is.
 */
export class EventSubscriptions {
  readonly #warn: Warn;
  readonly #listeners = new Map<AnyEventKind, Listeners<[never]>>();
  readonly #registrations = new Map<AnyEventKind, Registration>();
  #connection: Connection | null = null;

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** Returns the function that stops it. */
  add<T>(kind: EventKind<T>, listener: (event: T) => void): () => void {
    let listeners = this.#listeners.get(kind);
    if (listeners === undefined) this.#listeners.set(kind, (listeners = new Listeners()));
    const remove = listeners.add(listener);
    this.#settle(kind);
    return () => {
      remove();
      this.#settle(kind);
    };
  }

  /**
   * Subscribe everything on a fresh connection; resolves when the daemon has taken it all, or the connection is
   * gone. Events are passed on only from {@link EventSubscriptions.deliver} on.
   */
  async attach(connection: Connection): Promise<void> {
    this.#connection = connection;
    this.#registrations.clear();
    for (const kind of this.#listeners.keys()) this.#settle(kind);
    // Listeners may come while we wait.
    for (let waiting = this.#unsettled(); waiting.length > 0; waiting = this.#unsettled())
      await Promise.all(waiting);
  }

  /** Pass events on to their listeners. */
  deliver(connection: Connection): void {
    connection.setEventSink((kind, payload) => this.#listeners.get(kind)?.emit(payload as never));
  }

  /** The connection is gone, and all its registrations with it. */
  detach(): void {
    this.#connection = null;
    this.#registrations.clear();
  }

  #unsettled(): Promise<void>[] {
    return [...this.#registrations.values()].flatMap(({ settling }) => settling ?? []);
  }

  #settle(kind: AnyEventKind): void {
    const connection = this.#connection;
    if (connection === null) return;
    let registration = this.#registrations.get(kind);
    if (registration === undefined) {
      registration = { callbackId: null, refused: false, settling: null };
      this.#registrations.set(kind, registration);
    }
    if (registration.settling === null && this.#isDue(kind, registration))
      registration.settling = this.#bringInLine(connection, kind, registration);
  }

  #isDue(kind: AnyEventKind, { callbackId, refused }: Registration): boolean {
    const wanted = (this.#listeners.get(kind)?.size ?? 0) > 0;
    return wanted ? callbackId === null && !refused : callbackId !== null;
  }

  /** One call at a time: a listener that goes before its registration was answered is noticed after it. */
  async #bringInLine(connection: Connection, kind: AnyEventKind, registration: Registration): Promise<void> {
    const { register, deregister } = eventRegistrations[kind.family];
    try {
      while (this.#connection === connection && this.#isDue(kind, registration)) {
        const { callbackId } = registration;
        if (callbackId === null) {
          registration.callbackId = await connection.call(register, { eventId: kind.eventId });
        } else {
          registration.callbackId = null;
          await connection.call(deregister, { callbackId });
        }
      }
    } catch (error) {
      // A daemon too old for an event leaves its listeners unheard; any other trouble ends the connection.
      if (!(error instanceof LibvirtError)) return await connection.close();
      registration.refused = true;
      this.#warn(`libvirt does not offer the ${eventName(kind)} event`, error);
    } finally {
      registration.settling = null;
    }
  }
}
