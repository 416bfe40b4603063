import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ErrorCode,
  hasCode,
  type LibvirtClient,
  type NetworkRef,
  NetworkXml,
  procedures,
} from 'node-libvirt';
import type { HostNetwork } from '../ports/machine-editor.ts';
import { mapConcurrently } from './map-concurrently.ts';

const SYSFS = '/sys/class/net';
const AT_ONCE = 4;

/** libvirt's networks, then the bridges of this host that are not theirs, each by name. */
export async function listNetworks(client: LibvirtClient): Promise<HostNetwork[]> {
  const references = await client.call(procedures.connect.listAllNetworks, {});
  const read = await mapConcurrently(references, AT_ONCE, (reference) => readNetwork(client, reference));
  const networks = read.filter((network) => network !== null);
  const owned = new Set(networks.map(({ bridge }) => bridge));
  const bridges = (await hostBridges()).filter((name) => !owned.has(name));
  return [
    ...networks.map(({ network }) => network).toSorted(byName),
    ...bridges
      .map((name) => ({ name, type: 'bridge', forward: null, active: true }) as const)
      .toSorted(byName),
  ];
}

interface ReadNetwork {
  readonly network: HostNetwork;
  readonly bridge: string | null;
}

/** Null when it vanished meanwhile. */
async function readNetwork(client: LibvirtClient, network: NetworkRef): Promise<ReadNetwork | null> {
  try {
    const [xml, active] = await Promise.all([
      client.call(procedures.networks.getXmlDesc, { network }),
      client.call(procedures.networks.isActive, { network }),
    ]);
    const definition = NetworkXml.parse(xml);
    const { name, forwardMode: forward } = definition;
    // In mode "bridge" the bridge is the host's own, and can be used without libvirt, too.
    const bridge = forward === 'bridge' ? null : definition.bridge;
    return { network: { name, type: 'network', forward, active }, bridge };
  } catch (error) {
    if (hasCode(error, ErrorCode.noNetwork)) return null;
    throw error;
  }
}

async function hostBridges(): Promise<string[]> {
  const names = await readdir(SYSFS).catch(() => []);
  const checked = await Promise.all(
    names.map(async (name) => ((await isDirectory(join(SYSFS, name, 'bridge'))) ? name : null)),
  );
  return checked.filter((name) => name !== null);
}

async function isDirectory(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  );
}

function byName(a: HostNetwork, b: HostNetwork): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
