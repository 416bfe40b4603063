import { ConnectionLostError, DeadlineError, LibvirtError, ProtocolError } from '../errors/libvirt-error.ts';
import type { Procedure } from '../procedures/define.ts';
import { errorRecord } from '../procedures/records.ts';
import { XdrReader } from '../xdr/reader.ts';
import { encodeMessage, type Message, MessageStatus, MessageType } from './message.ts';

/** The daemon reads at most five unfinished calls of a connection (`max_client_requests`); more would only queue there. */
export const FULL_WINDOW = 5;
/** With all five places taken the daemon does not read pings either, and takes us for dead: leave it one. */
export const KEEP_ALIVE_WINDOW = 4;
const MAX_SERIAL = 0xffff_ffff;

export interface CallOptions {
  /** Stop waiting after this long; the operation itself cannot be cancelled. Default: 30 s. */
  readonly timeoutMs?: number;
  /** Stop waiting when it fires; rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_TIMEOUT_MS = 30_000;

interface PendingCall {
  readonly serial: number;
  readonly frame: Buffer;
  succeed(payload: Buffer): void;
  fail(error: Error): void;
}

/** Calls of one connection: numbers them, keeps a few under way, pairs replies with callers. */
export class CallWindow {
  readonly #send: (frame: Buffer) => void;
  readonly #size: number;
  readonly #inFlight = new Map<number, PendingCall>();
  /** Insertion-ordered, so that an abandoned call leaves the queue in constant time. */
  readonly #queue = new Set<PendingCall>();
  #lastSerial = 0;
  #failure: Error | null = null;

  constructor(send: (frame: Buffer) => void, size: number) {
    this.#send = send;
    this.#size = size;
  }

  nextSerial(): number {
    this.#lastSerial = this.#lastSerial === MAX_SERIAL ? 1 : this.#lastSerial + 1;
    return this.#lastSerial;
  }

  /** Rejects with LibvirtError, ConnectionLostError, DeadlineError, or the signal's reason. */
  call<A, R>(
    procedure: Procedure<A, R>,
    args: A,
    options: CallOptions,
    serial = this.nextSerial(),
  ): Promise<R> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const { signal } = options;
    return new Promise<R>((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#failure !== null) throw this.#failure;
      const header = {
        program: procedure.program,
        procedure: procedure.number,
        type: MessageType.call,
        serial,
        status: MessageStatus.ok,
      };
      const frame = encodeMessage(header, (writer) => procedure.args.write(writer, args));
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abandon);
      };
      const pending: PendingCall = {
        serial,
        frame,
        succeed: (payload) => {
          settle();
          try {
            resolve(decodeReply(procedure, payload));
          } catch (error) {
            reject(error);
          }
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      // A call that was sent keeps its place until its reply comes: the daemon is still working on it.
      const stopWaiting = (error: Error) => {
        this.#queue.delete(pending);
        pending.fail(error);
      };
      const abandon = () =>
        stopWaiting(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      const timer = setTimeout(
        () => stopWaiting(new DeadlineError(`procedure ${procedure.number}`, timeoutMs)),
        timeoutMs,
      );
      signal?.addEventListener('abort', abandon, { once: true });
      this.#queue.add(pending);
      this.#advance();
    });
  }

  /** Hand a reply to its caller. Throws {@link ProtocolError} when nobody asked for it. */
  accept(message: Message): void {
    const pending = this.#inFlight.get(message.header.serial);
    if (pending === undefined) throw new ProtocolError(`reply to unknown serial ${message.header.serial}`);
    this.#inFlight.delete(message.header.serial);
    if (message.header.status === MessageStatus.ok) pending.succeed(message.payload);
    else if (message.header.status === MessageStatus.error) pending.fail(decodeError(message.payload));
    else pending.fail(new ProtocolError(`reply of status ${message.header.status}`));
    this.#advance();
  }

  /** Reject everything under way and everything to come. */
  fail(error: Error): void {
    this.#failure ??= new ConnectionLostError(error.message, { cause: error });
    const abandoned = [...this.#inFlight.values(), ...this.#queue];
    this.#inFlight.clear();
    this.#queue.clear();
    for (const pending of abandoned) pending.fail(error);
  }

  #advance(): void {
    for (const pending of this.#queue) {
      if (this.#inFlight.size >= this.#size) return;
      this.#queue.delete(pending);
      this.#inFlight.set(pending.serial, pending);
      this.#send(pending.frame);
    }
  }
}

function decodeReply<A, R>(procedure: Procedure<A, R>, payload: Buffer): R {
  const reader = new XdrReader(payload);
  const reply = procedure.reply.read(reader);
  reader.end();
  return reply;
}

/** The error a failed reply or stream carries; a malformed one becomes a {@link ProtocolError}. */
export function decodeError(payload: Buffer): Error {
  try {
    const { code, domain, level, message, str2 } = errorRecord.read(new XdrReader(payload));
    return new LibvirtError({
      code,
      domain,
      level,
      message: message ?? `libvirt error ${code}`,
      detail: str2,
    });
  } catch (error) {
    return error instanceof Error ? error : new ProtocolError('malformed error');
  }
}
