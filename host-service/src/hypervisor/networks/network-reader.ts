import { createHash } from 'node:crypto';
import { networkId } from '@limen/contract';
import {
  ErrorCode,
  hasCode,
  type LibvirtClient,
  ListNetworks,
  type NetworkRef,
  NetworkXml,
  NetworkXmlFlag,
  procedures,
} from 'node-libvirt';
import type { NetworkReading } from '../../ports/networks.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { describeNetwork } from './describe-network.ts';

const { connect, networks } = procedures;
const READ = { timeoutMs: 10_000 };
/** One less than libvirt takes on at once. */
const AT_ONCE = 4;

/** What libvirt tells of many at once. */
type Circumstances = Pick<NetworkReading, 'active' | 'persistent' | 'autostart'>;

/** All networks, by name. One that vanishes meanwhile is left out. */
export async function readNetworks(client: LibvirtClient): Promise<NetworkReading[]> {
  const list = (flags: number): Promise<readonly NetworkRef[]> =>
    client.call(connect.listAllNetworks, { flags }, READ);
  const [all, active, persistent, autostart] = await Promise.all([
    list(0),
    list(ListNetworks.active),
    list(ListNetworks.persistent),
    list(ListNetworks.autostart),
  ]);
  const read = await mapConcurrently(all, AT_ONCE, (reference) =>
    readOrNull(client, reference, {
      active: has(active, reference),
      persistent: has(persistent, reference),
      autostart: has(autostart, reference),
    }),
  );
  return read
    .filter((reading) => reading !== null)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function has(references: readonly NetworkRef[], { uuid }: NetworkRef): boolean {
  return references.some((reference) => reference.uuid === uuid);
}

export async function readNetwork(client: LibvirtClient, network: NetworkRef): Promise<NetworkReading> {
  const [active, persistent] = await Promise.all([
    client.call(networks.isActive, { network }, READ),
    client.call(networks.isPersistent, { network }, READ),
  ]);
  // libvirt refuses to say it of a network that it does not keep.
  const autostart = persistent && (await client.call(networks.getAutostart, { network }, READ));
  return describe(client, network, { active, persistent, autostart });
}

export async function storedText(client: LibvirtClient, network: NetworkRef): Promise<string> {
  return client.call(networks.getXmlDesc, { network, flags: NetworkXmlFlag.inactive }, READ);
}

async function readOrNull(
  client: LibvirtClient,
  network: NetworkRef,
  circumstances: Circumstances,
): Promise<NetworkReading | null> {
  try {
    return await describe(client, network, circumstances);
  } catch (error) {
    if (hasCode(error, ErrorCode.noNetwork)) return null;
    throw error;
  }
}

async function describe(
  client: LibvirtClient,
  network: NetworkRef,
  circumstances: Circumstances,
): Promise<NetworkReading> {
  const [stored, running] = await Promise.all([
    storedText(client, network),
    circumstances.active ? client.call(networks.getXmlDesc, { network }, READ) : null,
  ]);
  const xml = NetworkXml.parse(stored);
  return {
    id: networkId.parse(network.uuid),
    name: xml.name,
    revision: createHash('sha256').update(stored).digest('base64url'),
    ...circumstances,
    stored: describeNetwork(xml),
    live: running === null ? null : describeNetwork(NetworkXml.parse(running)),
  };
}
