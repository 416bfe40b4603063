import type { Duplex } from 'node:stream';
import { ConnectionLostError, ProtocolError } from '../errors/libvirt-error.ts';
import { CONNECTION_CLOSED_PROCEDURE } from '../events/domain-events.ts';
import type { AnyEventKind } from '../events/event-kind.ts';
import { eventByProcedure } from '../events/event-table.ts';
import type { Procedure, StreamProcedure } from '../procedures/define.ts';
import { procedures } from '../procedures/index.ts';
import { CallStream, type StreamOptions } from '../streams/call-stream.ts';
import { StreamPort } from '../streams/stream-port.ts';
import { XdrReader } from '../xdr/reader.ts';
import { type CallOptions, CallWindow, FULL_WINDOW, KEEP_ALIVE_WINDOW } from './call-window.ts';
import { FrameReader } from './frame-reader.ts';
import { handshake, type OpenOptions } from './handshake.ts';
import { KeepAlive, type KeepAliveOptions } from './keep-alive.ts';
import { type Message, MessageType, Program } from './message.ts';

const CLOSE_TIMEOUT_MS = 1_000;

export interface ConnectionOptions extends OpenOptions {
  /** Ping the daemon and ask it to ping back; for transports that can die silently. Default: none. */
  readonly keepAlive?: KeepAliveOptions | undefined;
}

/** What a stream procedure yields once the daemon has accepted it. */
export interface OpenedStream<R> {
  readonly reply: R;
  readonly stream: CallStream;
}

/** Receives each event; `payload` is what the kind's codec reads. */
export type EventSink = (kind: AnyEventKind, payload: unknown) => void;

/** One authenticated conversation with a libvirt daemon over any duplex. Not reusable once closed. */
export class Connection {
  /** Settles, with the reason, when the connection is gone. Never rejects. */
  readonly closed: Promise<Error>;
  readonly #duplex: Duplex;
  readonly #frames = new FrameReader();
  readonly #calls: CallWindow;
  readonly #streams = new Map<number, CallStream>();
  readonly #pausedBy = new Set<number>();
  readonly #keepAlive: KeepAlive;
  #announceClosed: (reason: Error) => void = () => undefined;
  #eventSink: EventSink | null = null;
  #failure: Error | null = null;

  private constructor(duplex: Duplex, window: number) {
    this.#duplex = duplex;
    this.closed = new Promise((resolve) => {
      this.#announceClosed = resolve;
    });
    this.#calls = new CallWindow((frame) => this.#write(frame), window);
    this.#keepAlive = new KeepAlive({
      send: (frame) => this.#write(frame),
      isPaused: () => this.#pausedBy.size > 0,
      onSilence: (ms) => this.#fail(new ConnectionLostError(`nothing heard from the daemon for ${ms} ms`)),
    });
    duplex.on('data', (chunk: Buffer) => this.#receive(chunk));
    duplex.on('error', (error) => this.#fail(new ConnectionLostError(error.message, { cause: error })));
    duplex.on('close', () => this.#fail(new ConnectionLostError('the connection was closed')));
    duplex.on('end', () => this.#fail(new ConnectionLostError('the daemon closed the connection')));
  }

  /**
   * Authenticate and open `options.uri` over a connected duplex, which the connection owns from here on.
   * Rejects, with the duplex destroyed, with LibvirtError, ConnectionLostError or DeadlineError.
   */
  static async open(duplex: Duplex, options: ConnectionOptions): Promise<Connection> {
    const window = options.keepAlive === undefined ? FULL_WINDOW : KEEP_ALIVE_WINDOW;
    const connection = new Connection(duplex, window);
    try {
      await handshake(connection, { ...options, keepAlive: options.keepAlive !== undefined });
    } catch (error) {
      connection.#fail(error instanceof Error ? error : new ConnectionLostError(String(error)));
      throw error;
    }
    if (options.keepAlive !== undefined) connection.#keepAlive.start(options.keepAlive);
    return connection;
  }

  get isOpen(): boolean {
    return this.#failure === null;
  }

  /** Where events go. One sink; events without one are dropped. */
  setEventSink(sink: EventSink | null): void {
    this.#eventSink = sink;
  }

  /**
   * Call a procedure. Five are under way at a time (four with keepalive), the rest wait in order. Rejects with LibvirtError,
   * ConnectionLostError, DeadlineError, RangeError (arguments that do not fit), or the signal's reason.
   */
  call<A, R>(procedure: Procedure<A, R>, args: A, options: CallOptions = {}): Promise<R> {
    return this.#calls.call(procedure, args, options);
  }

  /**
   * Call a procedure that opens a stream. A stream that is not read holds up everything else on its connection:
   * give each stream a connection of its own.
   */
  async openStream<A, R>(
    procedure: StreamProcedure<A, R>,
    args: A,
    options: CallOptions & StreamOptions = {},
  ): Promise<OpenedStream<R>> {
    const serial = this.#calls.nextSerial();
    const port = new StreamPort(serial, procedure, {
      duplex: this.#duplex,
      pause: () => this.#pause(serial),
      resume: () => this.#resume(serial),
      release: () => this.#streams.delete(serial),
    });
    const stream = new CallStream(port, procedure.direction, options);
    // Before the call: its reply and the first data may arrive in one read.
    this.#streams.set(serial, stream);
    try {
      const reply = await this.#calls.call(procedure, args, options, serial);
      setImmediate(() => stream.handOver());
      return { reply, stream };
    } catch (error) {
      stream.discard();
      throw error;
    }
  }

  /** Say goodbye and close. Calls under way are rejected. */
  async close(): Promise<void> {
    if (this.#failure !== null) return;
    // An unannounced end is logged as an error by the daemon; a daemon that does not answer is left all the same.
    await this.call(procedures.connect.close, {}, { timeoutMs: CLOSE_TIMEOUT_MS }).catch(() => undefined);
    this.#fail(new ConnectionLostError('the connection was closed by this side'));
  }

  #receive(chunk: Buffer): void {
    this.#keepAlive.heard();
    try {
      for (const message of this.#frames.push(chunk)) {
        if (this.#failure !== null) return;
        this.#dispatch(message);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail(error);
    }
  }

  #dispatch(message: Message): void {
    const { program, type, serial } = message.header;
    if (program === Program.keepAlive) return this.#keepAlive.accept(message);
    switch (type) {
      case MessageType.reply:
        return this.#calls.accept(message);
      case MessageType.stream:
      case MessageType.streamHole:
        // Unknown serial: data that was under way when its stream was given up.
        return this.#streams.get(serial)?.receive(message);
      case MessageType.event:
        return program === Program.remote ? this.#dispatchEvent(message) : undefined;
      default:
        throw new ProtocolError(`message of type ${type} from the daemon`);
    }
  }

  #dispatchEvent({ header, payload }: Message): void {
    if (header.procedure === CONNECTION_CLOSED_PROCEDURE) {
      return this.#fail(new ConnectionLostError('the daemon lost its hypervisor'));
    }
    const kind = eventByProcedure(header.procedure);
    if (kind === null) return;
    const reader = new XdrReader(payload);
    const event = kind.payload.read(reader);
    reader.end();
    this.#eventSink?.(kind, event);
  }

  #write(frame: Buffer): void {
    if (this.#failure === null) this.#duplex.write(frame);
  }

  #pause(serial: number): void {
    this.#pausedBy.add(serial);
    this.#duplex.pause();
  }

  #resume(serial: number): void {
    if (this.#pausedBy.delete(serial) && this.#pausedBy.size === 0) this.#duplex.resume();
  }

  #fail(reason: Error): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    this.#keepAlive.stop();
    this.#duplex.destroy();
    this.#calls.fail(reason);
    for (const stream of this.#streams.values()) stream.connectionLost(reason);
    this.#streams.clear();
    this.#announceClosed(reason);
  }
}
