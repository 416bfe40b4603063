import type { WebSocket } from 'ws';
import type { Disposable } from '../common/disposable.ts';

const PING_EVERY_MS = 4_000;
const SILENCE_LIMIT_MS = 11_000;
const CHECK_LIMIT_MS = 3_000;

/** What the heartbeat needs of a WebSocket. */
export type BeatingSocket = Pick<WebSocket, 'on' | 'once' | 'ping' | 'terminate' | 'readyState' | 'OPEN'>;

/** The socket below: its bytes are a sign of life long before a large message is complete. */
export interface Wire {
  readonly bytesRead: number;
}

/**
 * Notices that a peer is gone although TCP has not: pings while the socket is open, and terminates it after 11 s
 * without any sign of life. TCP's own timers need minutes for a pulled cable.
 */
export class Heartbeat implements Disposable {
  readonly #socket: BeatingSocket;
  readonly #wire: Wire;
  readonly #interval: NodeJS.Timeout;
  #deadline: NodeJS.Timeout | undefined;
  #bytesSeen = 0;
  #lastHeardAt = Date.now();

  constructor(socket: BeatingSocket, wire: Wire) {
    this.#socket = socket;
    this.#wire = wire;
    const heard = (): void => this.#heard();
    socket.on('message', heard);
    socket.on('ping', heard);
    socket.on('pong', heard);
    socket.once('close', () => this.dispose());
    this.#expectLife(SILENCE_LIMIT_MS);
    this.#interval = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  /** Unix time in ms. */
  get lastHeardAt(): number {
    return this.#lastHeardAt;
  }

  /** The machine woke up or its network changed: find out now rather than at the next beat. */
  check(): void {
    this.#ping();
    this.#expectLife(CHECK_LIMIT_MS);
  }

  /** We stop reading: no sign of life can come, and its absence means nothing. Pings go on, for the peer's sake. */
  suspend(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  /** Reading goes on. */
  resume(): void {
    if (this.#deadline === undefined) this.#expectLife(SILENCE_LIMIT_MS);
  }

  dispose(): void {
    clearInterval(this.#interval);
    clearTimeout(this.#deadline);
  }

  #heard(): void {
    this.#lastHeardAt = Date.now();
    // Messages that were read before a `suspend` are still being handed out after it.
    if (this.#deadline !== undefined) this.#expectLife(SILENCE_LIMIT_MS);
  }

  #ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #expectLife(withinMs: number): void {
    clearTimeout(this.#deadline);
    this.#bytesSeen = this.#wire.bytesRead;
    this.#deadline = setTimeout(() => {
      if (this.#wire.bytesRead > this.#bytesSeen) this.#heard();
      else this.#socket.terminate();
    }, withinMs);
  }
}
