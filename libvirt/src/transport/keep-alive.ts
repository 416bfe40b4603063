import { encodeMessage, type Message, MessageStatus, MessageType, Program } from './message.ts';

const PING = 1;
const PONG = 2;

/** When to ask a silent peer for a sign of life, and when to give it up. */
export interface KeepAliveOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

interface KeepAliveHost {
  send(frame: Buffer): void;
  /** While we ourselves do not read, silence proves nothing. */
  isPaused(): boolean;
  onSilence(timeoutMs: number): void;
}

/** Answers the peer's pings and, when asked to, pings a silent peer. Any message received counts as life. */
export class KeepAlive {
  readonly #host: KeepAliveHost;
  #lastHeard = performance.now();
  #timer: NodeJS.Timeout | null = null;

  constructor(host: KeepAliveHost) {
    this.#host = host;
  }

  start({ intervalMs, timeoutMs }: KeepAliveOptions): void {
    this.#lastHeard = performance.now();
    this.#timer = setInterval(() => {
      if (this.#host.isPaused()) this.heard();
      const silence = performance.now() - this.#lastHeard;
      if (silence >= timeoutMs) this.#host.onSilence(timeoutMs);
      else if (silence >= intervalMs) this.#send(PING);
    }, intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  heard(): void {
    this.#lastHeard = performance.now();
  }

  accept(message: Message): void {
    if (message.header.procedure === PING) this.#send(PONG);
  }

  #send(procedure: number): void {
    this.#host.send(
      encodeMessage({
        program: Program.keepAlive,
        procedure,
        type: MessageType.event,
        serial: 0,
        status: MessageStatus.ok,
      }),
    );
  }
}
