import { parseLibvirtUri, isSwitchedOn, type LibvirtUri } from './libvirt-uri.ts';
import type { OpenDuplex } from './opener.ts';
import { connectSession } from './session-daemon.ts';
import { daemonSockets, isSession } from './socket-paths.ts';
import { connectFirst, connectTcp } from './sockets.ts';
import { sshArguments } from './ssh-command.ts';
import { connectSsh } from './ssh.ts';
import { connectTls } from './tls.ts';

const TLS_PORT = 16514;
const TCP_PORT = 16509;

export interface DaemonOptions {
  /** Use the daemon's read-only socket, where it has one. */
  readonly readOnly?: boolean;
  /** The daemon's unix socket, instead of the well-known places and of a `socket=` in the URI. */
  readonly socketPath?: string;
}

/** Where a daemon is, how to reach it, and what it should open. */
export interface DaemonAddress {
  /** URI as the daemon understands it: no transport, no host, none of the transport's parameters. */
  readonly uri: string;
  readonly transport: 'unix' | 'tcp' | 'tls' | 'ssh';
  /** Unix sockets of this machine to try, the best first; none for another transport. */
  readonly socketPaths: readonly string[];
  readonly open: OpenDuplex;
}

/**
 * Resolve an ordinary libvirt URI: `qemu:///system`, `qemu:///session`, `test:///default`,
 * `qemu+unix:///system?socket=/path`, `qemu+ssh://user@host/system`, `qemu+tls://host/system`,
 * `qemu+tcp://host/system`. Nothing is opened yet.
 * Throws RangeError for a URI or parameter that makes no sense, and for transports that are not built in.
 */
export function resolveDaemon(text: string, options: DaemonOptions = {}): DaemonAddress {
  const uri = parseLibvirtUri(text);
  refuseUnsafe(uri);
  switch (uri.transport) {
    case 'unix':
      return unixDaemon(uri, options);
    case 'tcp': {
      const target = { host: uri.host ?? 'localhost', port: uri.port ?? TCP_PORT };
      return remoteDaemon(uri, 'tcp', (signal) => connectTcp(target, signal));
    }
    case 'tls': {
      const target = {
        host: uri.host ?? 'localhost',
        port: uri.port ?? TLS_PORT,
        pkipath: uri.parameters.get('pkipath') ?? null,
        verify: !isSwitchedOn(uri, 'no_verify'),
      };
      return remoteDaemon(uri, 'tls', (signal) => connectTls(target, signal));
    }
    case 'ssh': {
      const args = sshArguments(uri, options.readOnly === true);
      const name = `ssh to ${uri.host ?? 'localhost'}`;
      return remoteDaemon(uri, 'ssh', (signal) => connectSsh(name, args, signal));
    }
    default:
      throw new RangeError(
        `the transport "${uri.transport}" is not built in: use unix, ssh, tls or tcp, ` +
          'or pass "connect", which yields a duplex of your own',
      );
  }
}

function refuseUnsafe({ parameters }: LibvirtUri): void {
  // A URI often comes from somebody's input; naming a host in it is one thing, a program to run another.
  if (parameters.has('command')) throw new RangeError('"command" is not supported: ssh is found in PATH');
  if (parameters.has('tls_priority')) {
    throw new RangeError('"tls_priority" is in the language of GnuTLS, which this client does not use');
  }
}

function unixDaemon(uri: LibvirtUri, { readOnly = false, socketPath }: DaemonOptions): DaemonAddress {
  if (uri.host !== null) {
    throw new RangeError(`a unix socket is on this machine, not on ${uri.host}`);
  }
  const named = socketPath ?? uri.parameters.get('socket');
  const session = named === undefined && isSession(uri);
  const sockets = daemonSockets(uri, { session, readOnly });
  const socketPaths = named === undefined ? sockets.map(({ path }) => path) : [named];
  const open: OpenDuplex = (signal) =>
    session ? connectSession(sockets, signal) : connectFirst(socketPaths, signal);
  return { uri: uri.remoteUri, transport: 'unix', socketPaths, open };
}

function remoteDaemon(
  { remoteUri }: LibvirtUri,
  transport: DaemonAddress['transport'],
  open: OpenDuplex,
): DaemonAddress {
  return { uri: remoteUri, transport, socketPaths: [], open };
}
