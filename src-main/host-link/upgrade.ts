import type { TLSSocket } from 'node:tls';
import { formatAddress, LimenError } from '@limen/contract';
import { WebSocket } from 'ws';
import type { ResolvedAddress } from './transport.ts';

const UPGRADE_TIMEOUT_MS = 8_000;
/** A snapshot of ten thousand machines is about 20 MB of JSON. */
const MAX_MESSAGE_BYTES = 64 << 20;

export interface UpgradeRequest {
  readonly address: ResolvedAddress;
  readonly path: string;
  readonly authorization: string | null;
}

/**
 * Turn a TLS socket whose certificate was checked into a WebSocket, and hand that to `adopt` in the very tick it
 * opens: what the host sends first (a VNC server speaks first) would be lost on a listener that comes later. Rejects with the host's own error when it
 * answers with one, else by the HTTP status, else with `CONNECTION_LOST`; the socket is gone then.
 */
export function upgrade<T>(
  tls: TLSSocket,
  request: UpgradeRequest,
  adopt: (socket: WebSocket) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`wss://${formatAddress(request.address)}${request.path}`, {
      createConnection: () => tls,
      headers: request.authorization === null ? {} : { Authorization: request.authorization },
      handshakeTimeout: UPGRADE_TIMEOUT_MS,
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    const fail = (error: LimenError): void => {
      tls.destroy();
      reject(error);
    };
    socket.once('open', () => {
      socket.removeAllListeners('unexpected-response');
      resolve(adopt(socket));
    });
    // Stays for the life of the socket: 'close' follows every error and tells the rest.
    socket.on('error', (cause) =>
      fail(new LimenError('CONNECTION_LOST', {}, { message: cause.message, cause })),
    );
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        if (chunks.length < 16) chunks.push(chunk);
      });
      response.once('error', () => fail(refusal(response.statusCode ?? 0, '')));
      response.once('end', () =>
        fail(refusal(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))),
      );
    });
  });
}

function refusal(status: number, body: string): LimenError {
  try {
    const error = LimenError.from(JSON.parse(body));
    if (error.code !== 'INTERNAL') return error;
  } catch {
    // Not ours: a proxy in between, or an older host; the status says enough.
  }
  switch (status) {
    case 401:
      return new LimenError('UNAUTHENTICATED', { reason: 'invalid' });
    case 429:
      return new LimenError('RATE_LIMITED', { retryAfterSeconds: 1 });
    default:
      return new LimenError(
        'CONNECTION_LOST',
        {},
        { message: `The host answered the upgrade with status ${status}` },
      );
  }
}
