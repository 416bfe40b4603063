import { LimenError } from '@limen/contract';
import type { ContractClient } from '@limen/contract';
import { createORPCClient, type ClientContext } from '@orpc/client';
import { StandardRPCLink, type StandardLinkClient } from '@orpc/client/standard';
import { ClientPeer } from '@orpc/standard-server-peer';
import type { RawData, WebSocket } from 'ws';
import { Heartbeat, type Wire } from './heartbeat.ts';
import type { CertificateInfo } from './pinned-tls.ts';
import { toLimenError } from './rpc-errors.ts';
import type { HostConnection } from './transport.ts';

/**
 * The contract's client over one open WebSocket. Not oRPC's own WebSocket link: that one lets a malformed frame
 * reject unhandled, and cannot say why pending calls ended.
 */
export class RpcConnection implements HostConnection {
  readonly client: ContractClient;
  readonly certificate: CertificateInfo;
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #heartbeat: Heartbeat;

  constructor(socket: WebSocket, wire: Wire, certificate: CertificateInfo) {
    this.#socket = socket;
    this.certificate = certificate;
    this.#heartbeat = new Heartbeat(socket, wire);
    const peer = new ClientPeer((message) => send(socket, message));
    socket.on('message', (data: RawData, isBinary: boolean) => {
      peer.message(decode(data, isBinary)).catch(() => socket.close(1002, 'malformed message'));
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        peer.close({ reason: new LimenError('CONNECTION_LOST', {}) });
        resolve();
      });
    });
    this.client = createORPCClient(new StandardRPCLink(linkClient(peer, socket), linkOptions));
  }

  get lastHeardAt(): number {
    return this.#heartbeat.lastHeardAt;
  }

  check(): void {
    this.#heartbeat.check();
  }

  dispose(): void {
    // Not `close()`: towards a host that went silent the closing handshake would take another 30 s.
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.close(1000);
    setTimeout(() => this.#socket.terminate(), 500).unref();
  }
}

const linkOptions = {
  url: 'http://orpc' as const,
  interceptors: [
    async ({ next }: { next: () => Promise<unknown> }): Promise<unknown> => {
      try {
        return await next();
      } catch (error) {
        throw toLimenError(error);
      }
    },
  ],
};

function linkClient(peer: ClientPeer, socket: WebSocket): StandardLinkClient<ClientContext> {
  return {
    async call(request) {
      if (socket.readyState !== socket.OPEN) throw new LimenError('CONNECTION_LOST', {});
      const response = await peer.request(request);
      return { ...response, body: () => Promise.resolve(response.body) };
    },
  };
}

/**
 * Never rejects: oRPC also sends when a call is aborted, where nobody would catch it. A message that cannot be sent
 * belongs to a call that ends with the socket, a moment later.
 */
function send(socket: WebSocket, message: string | ArrayBufferLike | Uint8Array): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => {
    socket.send(message, () => resolve());
  });
}

function decode(data: RawData, isBinary: boolean): string | Uint8Array {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
  return isBinary ? bytes : bytes.toString('utf8');
}
