import { connect, node } from './connect.ts';
import { checkpoints, domainBlock } from './domain-block.ts';
import { domainGuest } from './domain-guest.ts';
import { domainSave } from './domain-save.ts';
import { domainLife, qemuDomains } from './domain.ts';
import { interfaces, nodeDevices, nwFilters, secrets } from './host.ts';
import { networkPorts, networks } from './network.ts';
import { snapshots } from './snapshot.ts';
import { pools, volumes } from './storage.ts';

/**
 * Every procedure this package can call. To add one, add one line to its group: number, arguments, reply. A
 * daemon too old for it answers with an error that {@link isUnsupported} recognises.
 */
export const procedures = {
  connect,
  node,
  domains: { ...domainLife, ...domainBlock, ...domainGuest, ...domainSave },
  snapshots,
  checkpoints,
  qemu: qemuDomains,
  pools,
  volumes,
  networks,
  networkPorts,
  nodeDevices,
  interfaces,
  secrets,
  nwFilters,
} as const;
