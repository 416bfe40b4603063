import { lookup } from 'node:dns/promises';
import { LimenError, parseAddress } from '@limen/contract';
import { WebSocketByteChannel } from './byte-channel.ts';
import { withDeadline } from './deadline.ts';
import { openPinnedSocket } from './pinned-tls.ts';
import { RpcConnection } from './rpc-connection.ts';
import type { HostTransport } from './transport.ts';
import { upgrade } from './upgrade.ts';

const RPC_PATH = '/rpc';
/** The system's resolver may take minutes to give up when its servers are out of reach. */
const LOOKUP_TIMEOUT_MS = 8_000;

/** TLS with a pinned certificate, straight to the host. */
export const tlsTransport: HostTransport = {
  async resolve(address, signal) {
    const parsed = parseAddress(address);
    if (parsed === null)
      throw new LimenError('INVALID_INPUT', { issues: [{ path: ['address'], message: 'not host:port' }] });
    try {
      const options = { all: true, verbatim: true } as const;
      const found = await withDeadline(LOOKUP_TIMEOUT_MS, signal, () => lookup(parsed.host, options));
      return { ...parsed, ips: found.map((entry) => entry.address) };
    } catch (cause) {
      if (LimenError.is(cause)) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new LimenError('CONNECTION_LOST', {}, { message, cause });
    }
  },

  async connect(address, { fingerprint, accessToken, signal }) {
    const { socket, certificate } = await openPinnedSocket(address, { fingerprint, signal });
    const authorization = accessToken === null ? null : `Bearer ${accessToken}`;
    const request = { address, path: RPC_PATH, authorization };
    const connection = await upgrade(
      socket,
      request,
      (webSocket) => new RpcConnection(webSocket, socket, certificate),
    );
    if (signal.aborted) {
      connection.dispose();
      throw new LimenError('CANCELLED', {});
    }
    return connection;
  },

  async openSocket(address, options) {
    const { socket } = await openPinnedSocket(address, options);
    return socket;
  },

  async openBytes(address, { fingerprint, request, signal }, listener) {
    const [opened, granted] = await Promise.allSettled([
      openPinnedSocket(address, { fingerprint, signal }),
      request,
    ]);
    if (opened.status === 'rejected') throw opened.reason;
    const { socket } = opened.value;
    try {
      if (granted.status === 'rejected') throw granted.reason;
      if (signal.aborted) throw new LimenError('CANCELLED', {});
      const { path, ticket } = granted.value;
      // A path, not another authority: what follows the slash must not be read as a host name.
      if (!/^\/(?!\/)/.test(path))
        throw new LimenError('INTERNAL', {}, { message: 'The host named no path for the console' });
      const upgradeRequest = { address, path, authorization: `Ticket ${ticket}` };
      return await upgrade(
        socket,
        upgradeRequest,
        (webSocket) => new WebSocketByteChannel(webSocket, socket, listener),
      );
    } catch (error) {
      socket.destroy();
      throw error;
    }
  },
};
