import { join } from 'node:path';

/** Where a daemon listens and what it should open. */
export interface DaemonAddress {
  /** URI as the daemon understands it: no transport, no socket. */
  readonly uri: string;
  /** Unix sockets to try, the best first. */
  readonly socketPaths: readonly string[];
}

/** Hypervisor drivers that have a modular daemon of their own. */
const modularDaemons: Readonly<Record<string, string>> = {
  qemu: 'virtqemud',
  lxc: 'virtlxcd',
  xen: 'virtxend',
  ch: 'virtchd',
};

/**
 * Resolve a libvirt URI for a local daemon: `qemu:///system`, `qemu:///session`, `test:///default`, and
 * `qemu+unix:///system?socket=/path`. The modular daemon is preferred to `libvirtd`, as libvirt itself does.
 * Throws RangeError for URIs that need another transport: connect those yourself and pass the duplex.
 */
export function resolveDaemon(
  text: string,
  options: { readOnly?: boolean; socketPath?: string } = {},
): DaemonAddress {
  const match = /^([a-z][a-z0-9]*)(?:\+([a-z0-9]+))?:\/\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/i.exec(text);
  const [, driver, transport, authority, path = '/', query] = match ?? [];
  if (driver === undefined) throw new RangeError(`not a libvirt URI: ${text}`);
  if (authority !== '' || (transport !== undefined && transport !== 'unix')) {
    throw new RangeError(
      `${text} is not a local libvirt URI; connect a duplex yourself and pass it as "connect"`,
    );
  }
  const parameters = new URLSearchParams(query);
  const socketPath = options.socketPath ?? parameters.get('socket');
  parameters.delete('socket');
  const rest = parameters.toString();
  const uri = `${driver}://${path}${rest === '' ? '' : `?${rest}`}`;
  if (socketPath !== null) return { uri, socketPaths: [socketPath] };
  const folder = socketFolder(path === '/session');
  const suffix = options.readOnly === true ? '-ro' : '';
  const daemons = [modularDaemons[driver], 'libvirt'].filter((name) => name !== undefined);
  return { uri, socketPaths: daemons.map((name) => join(folder, `${name}-sock${suffix}`)) };
}

function socketFolder(session: boolean): string {
  if (!session) return '/run/libvirt';
  const runtime = process.env['XDG_RUNTIME_DIR'];
  if (runtime !== undefined) return join(runtime, 'libvirt');
  return join(process.env['HOME'] ?? '/', '.cache', 'libvirt');
}
