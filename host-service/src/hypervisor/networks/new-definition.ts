import { type NewAddress, parseInterface } from '@limen/contract';
import { type NetworkOptions, NetworkXml } from 'node-libvirt';
import type { NetworkPlan } from '../../ports/networks.ts';
import { modeOf } from './edit-definition.ts';

type Family = 'ipv4' | 'ipv6';

/** Unique local addresses (RFC 4193), which nobody outside answers to. */
const UNIQUE_LOCAL = 0xfcn;

export function newDefinition(plan: NetworkPlan): string {
  const { kind, device, bridge, ipv4, ipv6, domain } = plan;
  const mode = modeOf(kind);
  const options: NetworkOptions = {
    name: plan.name,
    uuid: plan.id,
    ...(mode !== null && {
      forward: {
        mode,
        ...(device !== null && { dev: device }),
        ...(kind === 'nat' && ipv6 !== null && isUniqueLocal(ipv6) && { natIpv6: true }),
      },
    }),
    ...(bridge !== null && { bridge }),
    ...(kind !== 'bridge' && { stp: 'on', bridgeDelay: 0 }),
    ...(domain !== null && { domain: domain.name, ...(domain.localOnly && { domainLocalOnly: true }) }),
    ips: [...ipOf('ipv4', ipv4), ...ipOf('ipv6', ipv6)],
  };
  return NetworkXml.create(options).toString();
}

function ipOf(family: Family, wish: NewAddress | null): NonNullable<NetworkOptions['ips']> {
  if (wish === null) return [];
  const [address = '', prefix] = wish.address.split('/');
  const ranges = wish.ranges.map(({ start, end }) => ({ start, end }));
  return [{ family, address, prefix: Number(prefix), ...(ranges.length > 0 && { dhcp: { ranges } }) }];
}

function isUniqueLocal({ address }: NewAddress): boolean {
  const ip = parseInterface(address)?.ip;
  return ip?.family === 'ipv6' && ip.value >> 121n === UNIQUE_LOCAL >> 1n;
}
