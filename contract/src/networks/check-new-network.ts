import type { NetworksSnapshot, NewNetwork } from '../records/network.ts';
import { checkAddress } from './check-addresses.ts';
import type { NetworkProblem } from './problems.ts';

/** What a network has to live with on its host. */
export interface NetworkSurroundings {
  readonly taken: NetworksSnapshot['surroundings']['taken'];
  /** Network devices of the host. */
  readonly devices: readonly string[];
  /** Bridges of the host that are not libvirt's. */
  readonly bridges: readonly string[];
  readonly networkNames: readonly string[];
}

/** The part of a snapshot that new networks are checked against. */
export function surroundingsOf({ networks, bridges, surroundings }: NetworksSnapshot): NetworkSurroundings {
  return {
    ...surroundings,
    bridges: bridges.map(({ name }) => name),
    networkNames: networks.map(({ name }) => name),
  };
}

/** Everything about a new network that libvirt would refuse, or accept and let fail. Empty: it can be made. */
export function checkNewNetwork(wish: NewNetwork, around: NetworkSurroundings): NetworkProblem[] {
  const problems: NetworkProblem[] = [];
  if (around.networkNames.includes(wish.name)) problems.push({ path: ['name'], reason: 'name-taken' });
  if (wish.kind === 'bridge') return [...problems, ...checkBridge(wish, around)];
  const { bridge, device, kind, ipv4, ipv6 } = wish;
  if (bridge !== null && around.devices.includes(bridge)) {
    problems.push({ path: ['bridge'], reason: 'device-taken' });
  }
  problems.push(...checkDevice(kind, device, around));
  if (ipv4 === null && ipv6 === null && needsAddress(kind)) {
    problems.push({ path: ['ipv4', 'address'], reason: 'address-needed' });
  }
  if (ipv4 !== null) problems.push(...checkAddress('ipv4', ipv4, around.taken));
  if (ipv6 !== null) problems.push(...checkAddress('ipv6', ipv6, around.taken));
  return problems;
}

/** The device that a network's traffic is to go out by. */
export function checkDevice(
  kind: NewNetwork['kind'],
  device: string | null,
  around: Pick<NetworkSurroundings, 'devices'>,
): NetworkProblem[] {
  if (device === null) return [];
  if (kind === 'isolated') return [{ path: ['device'], reason: 'not-for-kind' }];
  if (!around.devices.includes(device)) return [{ path: ['device'], reason: 'no-such-device' }];
  return [];
}

/** Without one there is nothing to translate to or to route from. */
export function needsAddress(kind: string): boolean {
  return kind === 'nat' || kind === 'routed';
}

function checkBridge(wish: NewNetwork, { bridges }: NetworkSurroundings): NetworkProblem[] {
  const problems: NetworkProblem[] = [];
  if (wish.bridge === null) problems.push({ path: ['bridge'], reason: 'bridge-missing' });
  else if (!bridges.includes(wish.bridge)) problems.push({ path: ['bridge'], reason: 'no-such-bridge' });
  for (const part of ['device', 'ipv4', 'ipv6', 'domain'] as const) {
    if (wish[part] !== null) problems.push({ path: [part], reason: 'not-for-kind' });
  }
  return problems;
}
