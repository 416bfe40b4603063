import { join } from 'node:path';
import { choice, type LibvirtUri } from './libvirt-uri.ts';

/** A daemon program and the unix socket it makes. */
export interface DaemonSocket {
  readonly program: string;
  readonly path: string;
}

export interface SocketChoice {
  /** The daemon runs as the user and for the user alone. */
  readonly session: boolean;
  readonly readOnly: boolean;
}

/**
 * Where daemons of this machine listen, the best first: the driver's own (`virtqemud`), then the one for all
 * drivers (`libvirtd`, or `virtproxyd` on its behalf); `mode=direct` or `mode=legacy` names one of the two.
 */
export function daemonSockets(uri: LibvirtUri, { session, readOnly }: SocketChoice): DaemonSocket[] {
  const folder = session ? sessionFolder() : '/run/libvirt';
  // A session daemon has one socket: whoever may reach it owns it.
  const suffix = readOnly && !session ? '-ro' : '';
  const mode = choice(uri, 'mode', ['auto', 'direct', 'legacy']);
  const modular = { program: `virt${uri.driver}d`, path: join(folder, `virt${uri.driver}d-sock${suffix}`) };
  const monolithic = { program: 'libvirtd', path: join(folder, `libvirt-sock${suffix}`) };
  switch (mode) {
    case 'direct':
      return [modular];
    case 'legacy':
      return [monolithic];
    case 'auto':
      // The test driver has no daemon of its own.
      return uri.driver === 'test' ? [monolithic] : [modular, monolithic];
  }
}

/** True when the URI means the user's own daemon: `…/session`, unless we are root, who has the system's alone. */
export function isSession({ path }: LibvirtUri): boolean {
  return path === '/session' && process.getuid?.() !== 0;
}

/** libvirt's choice, which is GLib's: `XDG_RUNTIME_DIR`, else the cache folder. */
function sessionFolder(): string {
  const { env } = process;
  const home = env['HOME'] ?? '/';
  const base = env['XDG_RUNTIME_DIR'] ?? env['XDG_CACHE_HOME'] ?? join(home, '.cache');
  return join(base, 'libvirt');
}
