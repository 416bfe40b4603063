import { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';

const TERMINATE = 'X'.charCodeAt(0);

/** A `pg` Terminate message: type byte and its own length, nothing else. */
function isTerminate(chunk: Buffer): boolean {
  return chunk.length === 5 && chunk[0] === TERMINATE;
}

/**
 * A MessagePort in the clothes of the TCP socket that `pg` expects. Closing it ends the session on the other
 * side; Terminate itself is held back, because there it would end the database and not just the session.
 */
export class PortSocket extends Duplex {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on('message', (data: Uint8Array) =>
      this.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    );
    port.on('close', () => this.destroy());
  }

  /** Called by `pg` with host and port, which mean nothing here. */
  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    this.#port.ref();
    return this;
  }

  unref(): this {
    this.#port.unref();
    return this;
  }

  override _read(): void {
    // Answers arrive whole and are bounded by our own queries: there is nothing to slow down.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!isTerminate(chunk)) this.#send(new Uint8Array(chunk));
    done();
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: () => void): void {
    const kept = chunks.map(({ chunk }) => chunk).filter((chunk) => !isTerminate(chunk));
    if (kept.length > 0) this.#send(new Uint8Array(Buffer.concat(kept)));
    done();
  }

  /** Hands the memory over; it must be a copy of our own, since Node's small buffers share theirs. */
  #send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#port.postMessage(bytes, [bytes.buffer]);
  }

  override _final(done: () => void): void {
    this.#port.close();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#port.close();
    done(error);
  }
}
