import type { LibvirtClient } from 'node-libvirt';
import type { HostNetwork } from '../../ports/machine-editor.ts';
import { readBridges } from './host-links.ts';
import { readNetworks } from './network-reader.ts';

/** What machines can be plugged into: libvirt's networks, then the bridges of this host that are not theirs, by name. */
export async function offeredNetworks(client: LibvirtClient): Promise<HostNetwork[]> {
  const [networks, bridges] = await Promise.all([readNetworks(client), readBridges()]);
  // In mode "bridge" the bridge is the host's own, and can be used without libvirt, too.
  const owned = new Set(networks.map(({ stored }) => (stored.kind === 'bridge' ? null : stored.bridge)));
  return [
    ...networks.map(({ name, stored, active }) => {
      return { name, type: 'network', forward: stored.forwardMode, active } as const;
    }),
    ...bridges
      .filter(({ name }) => !owned.has(name))
      .map(({ name }) => ({ name, type: 'bridge', forward: null, active: true }) as const),
  ];
}
