import { closeCodes } from '@limen/contract';
import {
  type BaseMessageFormat,
  type DecodedRequestMessage,
  deserializeRequestMessage,
  encodeResponseMessage,
  MessageType,
  experimental_ServerPeerWithoutCodec as ServerPeer,
  type ServerPeerHandleRequestFn,
} from '@orpc/standard-server-peer';
import type { RawData, WebSocket } from 'ws';
import { Outbox, type OutboxLimits } from './outbox.ts';

export interface RpcSocketOptions extends OutboxLimits {
  /** Calls and streams under way at once; further ones are answered by `refuse`. */
  readonly maxInFlight: number;
}

export const DEFAULT_RPC_SOCKET_OPTIONS: RpcSocketOptions = {
  highWaterBytes: 256 << 10,
  stallMs: 15_000,
  maxInFlight: 64,
};

export interface RpcRequests {
  readonly handle: ServerPeerHandleRequestFn;
  readonly refuse: ServerPeerHandleRequestFn;
}

/** Ids come from the client and are kept while a call lasts. */
const MAX_ID_LENGTH = 64;

/**
 * oRPC's peer protocol on one WebSocket. Not oRPC's own adapter: that one never waits for the peer to read, dies
 * of an oversized frame for want of an `error` listener, and lets a busy stream starve the event loop.
 */
export class RpcSocket {
  readonly #ws: WebSocket;
  readonly #peer: ServerPeer;
  readonly #requests: RpcRequests;
  readonly #options: RpcSocketOptions;
  #inFlight = 0;
  #onIdle: (() => void) | undefined;

  constructor(ws: WebSocket, requests: RpcRequests, options: RpcSocketOptions = DEFAULT_RPC_SOCKET_OPTIONS) {
    this.#ws = ws;
    this.#requests = requests;
    this.#options = options;
    const outbox = new Outbox(ws, options);
    this.#peer = new ServerPeer(async ([id, type, payload]) => {
      const message = await encodeResponseMessage(id, type, payload);
      // Binary comes only of Blobs, which the contract has none of.
      if (typeof message === 'string') await outbox.send(message);
    });
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on('close', () => this.#peer.close());
  }

  /** Take no further call, let those under way answer for at most `graceMs`, then close. */
  closeGracefully(code: number, reason: string, graceMs: number): void {
    if (this.#onIdle) return;
    const close = (): void => {
      clearTimeout(timer);
      this.#ws.close(code, reason);
    };
    const timer = setTimeout(close, graceMs);
    this.#onIdle = close;
    if (this.#inFlight === 0) close();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    const message = isBinary ? null : decode(data);
    if (!message) {
      this.#ws.close(closeCodes.badMessage, 'not a message of the protocol');
      return;
    }
    if (this.#onIdle && message[1] === MessageType.REQUEST) return;
    // Its own failures are answers already; what is left is a stream that broke, which its client was told.
    this.#serve(message).catch(() => {});
  }

  async #serve(message: DecodedRequestMessage): Promise<void> {
    if (message[1] !== MessageType.REQUEST) {
      await this.#peer.message(message);
      return;
    }
    const { handle, refuse } = this.#requests;
    const full = this.#inFlight >= this.#options.maxInFlight;
    this.#inFlight += 1;
    try {
      await this.#peer.message(message, full ? refuse : handle);
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#onIdle?.();
    }
  }
}

/**
 * Null for what is no message. Synchronous, so that a cancellation right behind its call cannot overtake it.
 * Streams from the client are no part of the contract, and would be queued without a bound: they are junk too.
 */
function decode(data: RawData): DecodedRequestMessage | null {
  try {
    const parsed = JSON.parse((data as Buffer).toString()) as BaseMessageFormat;
    if (typeof parsed.i !== 'string' || parsed.i.length > MAX_ID_LENGTH) return null;
    const message = deserializeRequestMessage(parsed);
    return message[1] === MessageType.EVENT_ITERATOR ? null : message;
  } catch {
    return null;
  }
}
