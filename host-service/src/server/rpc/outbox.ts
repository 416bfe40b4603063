import { WebSocket } from 'ws';

export interface OutboxLimits {
  /** Unsent bytes from which senders must wait; they go on at half of it. */
  readonly highWaterBytes: number;
  /** A peer that stays above the mark for this long is cut off. */
  readonly stallMs: number;
}

/** Sends in a row after which other work gets a turn, so that a source that never waits starves nobody. */
const BURST = 64;

/**
 * Sends with back-pressure: the promise of a send resolves when the peer has taken enough of it. While the peer
 * does not read, it is not read from either: it cannot pile up work by asking without listening.
 */
export class Outbox {
  readonly #ws: WebSocket;
  readonly #limits: OutboxLimits;
  readonly #closed: Promise<void>;
  #waiters: (() => void)[] = [];
  #stallTimer: NodeJS.Timeout | undefined;
  #sentInBurst = 0;

  constructor(ws: WebSocket, limits: OutboxLimits) {
    this.#ws = ws;
    this.#limits = limits;
    this.#closed = new Promise((resolve) => {
      ws.once('close', () => {
        this.#drained();
        resolve();
      });
    });
  }

  /** On a closing socket it waits for the close, so that a stream there does not spin. Never rejects. */
  send(message: string): Promise<void> {
    if (this.#ws.readyState !== WebSocket.OPEN) return this.#closed;
    this.#ws.send(message, this.#onSent);
    if (this.#ws.bufferedAmount > this.#limits.highWaterBytes) return this.#untilDrained();
    this.#sentInBurst += 1;
    if (this.#sentInBurst < BURST) return Promise.resolve();
    this.#sentInBurst = 0;
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  #untilDrained(): Promise<void> {
    this.#stallTimer ??= setTimeout(() => this.#ws.terminate(), this.#limits.stallMs).unref();
    this.#ws.pause();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }

  /** Called when one message has been handed to the kernel, or could not be. */
  readonly #onSent = (): void => {
    if (this.#waiters.length === 0) return;
    const open = this.#ws.readyState === WebSocket.OPEN;
    if (!open || this.#ws.bufferedAmount <= this.#limits.highWaterBytes / 2) this.#drained();
  };

  #drained(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
    this.#ws.resume();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
