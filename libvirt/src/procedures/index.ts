import { connect, node } from './connect.ts';
import { domains, qemuDomains, snapshots } from './domain.ts';
import { networks } from './network.ts';
import { pools, volumes } from './storage.ts';

/**
 * Every procedure this package can call. To add one, add one line to its group: number, arguments, reply. A
 * daemon too old for it answers with an error that {@link isUnsupported} recognises.
 */
export const procedures = {
  connect,
  node,
  domains,
  snapshots,
  qemu: qemuDomains,
  pools,
  volumes,
  networks,
} as const;
