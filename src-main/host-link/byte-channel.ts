import type { WebSocket } from 'ws';
import { Heartbeat, type Wire } from './heartbeat.ts';
import type { ByteChannel, ByteChannelListener } from './transport.ts';

/** The bytes of one console over one WebSocket; see {@link ByteChannel}. */
export class WebSocketByteChannel implements ByteChannel {
  readonly #socket: WebSocket;
  readonly #heartbeat: Heartbeat;

  constructor(socket: WebSocket, wire: Wire, listener: ByteChannelListener) {
    this.#socket = socket;
    // An ArrayBuffer of exactly the message: a Buffer would be cloned to the window with the pool it is a view of.
    socket.binaryType = 'arraybuffer';
    this.#heartbeat = new Heartbeat(socket, wire);
    socket.on('message', (data, isBinary) => {
      if (isBinary && data instanceof ArrayBuffer) listener.bytes(data);
    });
    socket.once('close', (code) => listener.end(code));
  }

  get pendingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(data: ArrayBuffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(data);
  }

  pause(): void {
    this.#heartbeat.suspend();
    this.#socket.pause();
  }

  resume(): void {
    this.#heartbeat.resume();
    this.#socket.resume();
  }

  dispose(): void {
    // A paused socket never sees the answer to its close frame.
    this.#socket.resume();
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.close(1000);
    setTimeout(() => this.#socket.terminate(), 500).unref();
  }
}
