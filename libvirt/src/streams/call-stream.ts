import { Duplex, type DuplexOptions } from 'node:stream';
import { ProtocolError } from '../errors/libvirt-error.ts';
import type { StreamDirection } from '../procedures/define.ts';
import { decodeError } from '../transport/call-window.ts';
import { type Message, MessageStatus, MessageType } from '../transport/message.ts';
import { XdrReader } from '../xdr/reader.ts';
import type { Done } from './done.ts';
import type { StreamPort } from './stream-port.ts';

/**
 * How much waits on either side: four packets, so that neither libvirt nor the other end of a pipeline stands still
 * while this process is busy, and small chunks are gathered into full packets.
 */
const BUFFERED_BYTES = 1024 ** 2;

/** A run of zeros of a sparse volume, sent as its length. */
export interface Hole {
  readonly hole: number;
}

export interface StreamOptions {
  /**
   * For a volume opened with the sparse flag: the stream is in object mode and carries `Buffer | Hole`. Without
   * it the stream carries bytes.
   */
  readonly sparse?: boolean;
}

/** `finishing`: we said we are done and await the confirmation. `aborting`: as much, ignoring what still comes. */
type Phase = 'open' | 'finishing' | 'aborting' | 'over';

/**
 * The stream of one call as a Node stream. Its readable side ends after the daemon's end of data; `end()`
 * finishes after the daemon's confirmation, so an upload that "finished" was stored; `destroy()` aborts.
 */
export class CallStream extends Duplex {
  readonly #port: StreamPort;
  readonly #receives: boolean;
  readonly #sparse: boolean;
  #phase: Phase = 'open';
  #onConfirmed: Done[] = [];
  #handedOver = false;
  #earlyError: Error | null = null;

  constructor(port: StreamPort, direction: StreamDirection, { sparse = false }: StreamOptions) {
    const readable = direction !== 'write';
    // `readable` and `writable` are documented options of Duplex that its type declarations leave out.
    const options: DuplexOptions & { readable: boolean; writable: boolean } = {
      readable,
      writable: direction !== 'read',
      objectMode: sparse,
      ...(sparse ? {} : { highWaterMark: BUFFERED_BYTES }),
      // The daemon ends both directions at once.
      allowHalfOpen: false,
    };
    super(options);
    this.#port = port;
    this.#receives = readable;
    this.#sparse = sparse;
  }

  /** For the connection: a message under this stream's serial. */
  receive({ header, payload }: Message): void {
    if (header.status === MessageStatus.error) return this.#over(decodeError(payload));
    if (header.status === MessageStatus.ok) return this.#over(null);
    if (this.#phase !== 'open' || this.destroyed) return;
    if (header.type === MessageType.streamHole) return this.#receiveHole(payload);
    if (payload.length === 0) return this.#finish();
    this.#deliver(payload);
  }

  /** For the connection: the call failed, so there never was a stream. */
  discard(): void {
    this.#phase = 'over';
    this.#port.release();
    this.destroy();
  }

  /**
   * For the connection: the caller has the stream by now. An error that came with the reply waited for this, as
   * nobody could have listened for it before.
   */
  handOver(): void {
    this.#handedOver = true;
    if (this.#earlyError !== null) this.destroy(this.#earlyError);
  }

  /** For the connection: it is gone. */
  connectionLost(error: Error): void {
    this.#over(error);
  }

  override _read(): void {
    this.#port.resume();
  }

  override _write(chunk: Buffer | Hole, _encoding: BufferEncoding, done: Done): void {
    if (this.#phase !== 'open') return done(new Error('the stream has ended'));
    if (chunk instanceof Uint8Array) return this.#port.sendData([chunk], done);
    this.#port.sendHole(chunk.hole, done);
  }

  override _writev(entries: { chunk: Buffer | Hole; encoding: BufferEncoding }[], done: Done): void {
    if (this.#phase !== 'open') return done(new Error('the stream has ended'));
    const chunks = entries.map(({ chunk }) => chunk);
    if (chunks.every((chunk) => chunk instanceof Uint8Array)) return this.#port.sendData(chunks, done);
    this.#sendInTurn(chunks, done);
  }

  override _final(done: Done): void {
    this.#finish(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    if (this.#phase === 'open') {
      this.#phase = 'aborting';
      this.#port.sendAbort();
    }
    this.#settle(error ?? new Error('the stream was destroyed'));
    // A paused connection would never deliver the confirmation, nor anything else.
    this.#port.resume();
    done(error);
  }

  #sendInTurn([chunk, ...rest]: readonly (Buffer | Hole)[], done: Done): void {
    if (chunk === undefined) return done();
    const next: Done = (error) => (error ? done(error) : this.#sendInTurn(rest, done));
    if (chunk instanceof Uint8Array) this.#port.sendData([chunk], next);
    else this.#port.sendHole(chunk.hole, next);
  }

  #receiveHole(payload: Buffer): void {
    const hole = new XdrReader(payload).i64();
    if (!this.#sparse || hole < 0) return this.#over(new ProtocolError(`unexpected hole of ${hole} bytes`));
    this.#deliver({ hole });
  }

  #deliver(chunk: Buffer | Hole): void {
    if (!this.push(chunk)) this.#port.pause();
  }

  #finish(done?: Done): void {
    if (this.#phase === 'over') return done?.();
    if (done !== undefined) this.#onConfirmed.push(done);
    if (this.#phase !== 'open') return;
    this.#phase = 'finishing';
    this.#port.sendFinish();
  }

  #over(error: Error | null): void {
    const aborted = this.#phase === 'aborting';
    this.#phase = 'over';
    this.#port.release();
    if (aborted || this.destroyed) return;
    if (error !== null) {
      if (this.#handedOver) this.destroy(error);
      else this.#earlyError = error;
      return;
    }
    this.#settle(null);
    if (this.#receives) this.push(null);
  }

  #settle(error: Error | null): void {
    const waiting = this.#onConfirmed;
    this.#onConfirmed = [];
    for (const done of waiting) done(error);
  }
}
