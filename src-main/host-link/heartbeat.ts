import type { WebSocket } from 'ws';
import type { Disposable } from '../common/disposable.ts';

const PING_EVERY_MS = 4_000;
const SILENCE_LIMIT_MS = 11_000;
const CHECK_LIMIT_MS = 3_000;

/**
 * Notices that a peer is gone although TCP has not: pings while the socket is open, and terminates it after 11 s
 * without any sign of life. TCP's own timers need minutes for a pulled cable.
 */
export class Heartbeat implements Disposable {
  readonly #socket: WebSocket;
  readonly #interval: NodeJS.Timeout;
  #deadline: NodeJS.Timeout;
  #lastHeardAt = Date.now();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    const heard = (): void => this.#heard();
    socket.on('message', heard);
    socket.on('ping', heard);
    socket.on('pong', heard);
    socket.once('close', () => this.dispose());
    this.#deadline = this.#terminateAfter(SILENCE_LIMIT_MS);
    this.#interval = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  /** Unix time in ms. */
  get lastHeardAt(): number {
    return this.#lastHeardAt;
  }

  /** The machine woke up or its network changed: find out now rather than at the next beat. */
  check(): void {
    this.#ping();
    clearTimeout(this.#deadline);
    this.#deadline = this.#terminateAfter(CHECK_LIMIT_MS);
  }

  dispose(): void {
    clearInterval(this.#interval);
    clearTimeout(this.#deadline);
  }

  #heard(): void {
    this.#lastHeardAt = Date.now();
    clearTimeout(this.#deadline);
    this.#deadline = this.#terminateAfter(SILENCE_LIMIT_MS);
  }

  #ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #terminateAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#socket.terminate(), ms);
  }
}
