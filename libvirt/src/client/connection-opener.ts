import type { Duplex } from 'node:stream';
import { parseLibvirtUri } from '../daemon/libvirt-uri.ts';
import { type OpenDuplex, openWithin } from '../daemon/opener.ts';
import { resolveDaemon } from '../daemon/resolve-daemon.ts';
import { Connection } from '../transport/connection.ts';
import type { KeepAliveOptions } from '../transport/keep-alive.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** libvirt's own figures. */
const REMOTE_KEEP_ALIVE: KeepAliveOptions = { intervalMs: 5_000, timeoutMs: 30_000 };

/** Which daemon, and how to hold a connection to it. */
export interface DaemonConnectionOptions {
  /** e.g. `qemu:///system` or `qemu+ssh://user@host/system`; see `resolveDaemon`. */
  readonly uri: string;
  /** The daemon's socket on this machine, instead of the well-known places. */
  readonly socketPath?: string | undefined;
  /**
   * Yields a connected duplex to a daemon, e.g. a stream forwarded over SSH, instead of the URI's own transport.
   * Called once per connection; the signal fires when nobody waits for it any more.
   */
  readonly connect?: ((signal: AbortSignal) => Promise<Duplex>) | undefined;
  readonly readOnly?: boolean;
  /** Pings to notice a daemon that went away in silence. Default: every 5 s, given up after 30 s, for a URI that names
   * a remote transport; `false`, none, for a local one, which cannot go silently. */
  readonly keepAlive?: KeepAliveOptions | false | undefined;
  /** Deadline of connecting, and again of the handshake that follows. Default: 10 s. */
  readonly handshakeTimeoutMs?: number;
}

/**
 * A function that opens one more connection to the daemon each time. Throws RangeError for a URI that makes no sense
 * or cannot be reached; the function rejects with LibvirtError, ConnectionLostError or DeadlineError.
 */
export function connectionOpener(
  options: DaemonConnectionOptions,
  signal: AbortSignal,
): () => Promise<Connection> {
  const { uri, connect, isLocal } = destination(options);
  const { readOnly = false, handshakeTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const keepAlive = options.keepAlive ?? (isLocal ? false : REMOTE_KEEP_ALIVE);
  return async () => {
    const duplex = await openWithin(connect, { timeoutMs: handshakeTimeoutMs, signal });
    return Connection.open(duplex, {
      uri,
      readOnly,
      signal,
      handshakeTimeoutMs,
      keepAlive: keepAlive === false ? undefined : keepAlive,
    });
  };
}

interface Destination {
  /** What the daemon is asked to open. */
  readonly uri: string;
  readonly connect: OpenDuplex;
  readonly isLocal: boolean;
}

function destination({ uri, connect, socketPath, readOnly = false }: DaemonConnectionOptions): Destination {
  if (connect !== undefined) {
    const { remoteUri, transport } = parseLibvirtUri(uri);
    return { uri: remoteUri, connect, isLocal: transport === 'unix' };
  }
  const address = resolveDaemon(uri, { readOnly, ...(socketPath === undefined ? {} : { socketPath }) });
  return { uri: address.uri, connect: address.open, isLocal: address.transport === 'unix' };
}
