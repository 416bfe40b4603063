import type { NetworkAddress, NetworkSettings } from '@limen/contract';
import type { NetworkIp, NetworkXml } from 'node-libvirt';

/** What a definition says. Addresses are in its order, so that their positions are those of `<ip>` elements. */
export function describeNetwork(xml: NetworkXml): NetworkSettings {
  const { forward, dns } = xml;
  return {
    kind: kindOf(xml),
    forwardMode: xml.forwardMode,
    device: forward?.dev ?? forward?.interfaces?.[0]?.dev ?? null,
    bridge: xml.bridge,
    addresses: xml.ips.map(describeAddress),
    domain: xml.domain === null ? null : { name: xml.domain, localOnly: xml.domainLocalOnly ?? false },
    dnsEnabled: dns?.enabled ?? true,
    dnsHosts: (dns?.hosts ?? []).map(({ ip, hostnames = [] }) => ({ ip, hostnames: [...hostnames] })),
  };
}

function kindOf(xml: NetworkXml): NetworkSettings['kind'] {
  switch (xml.forwardMode) {
    case null:
      return 'isolated';
    case 'nat':
      return 'nat';
    case 'route':
      return 'routed';
    case 'open':
      return 'open';
    case 'bridge':
      // Without one it is macvtap in its mode of that name.
      return xml.bridge === null ? 'other' : 'bridge';
    default:
      return 'other';
  }
}

function describeAddress(ip: NetworkIp): NetworkAddress {
  return {
    family: ip.family === 'ipv6' ? 'ipv6' : 'ipv4',
    address: `${ip.address}/${prefixOf(ip)}`,
    ranges: (ip.dhcp?.ranges ?? []).map(({ start, end }) => ({ start, end })),
    staticLeases: (ip.dhcp?.hosts ?? []).map(({ mac, id, name, ip: given }) => ({
      mac: mac?.toLowerCase() ?? null,
      duid: id ?? null,
      name: name ?? null,
      // libvirt keeps hosts that only get a name.
      ip: given === '' ? null : given,
    })),
  };
}

function prefixOf({ family, address, prefix, netmask }: NetworkIp): number {
  if (prefix !== undefined) return prefix;
  if (netmask !== undefined) return netmask.split('.').reduce((bits, part) => bits + ones(Number(part)), 0);
  if (family === 'ipv6') return 64;
  // As libvirt does where nothing is said: by the address's class.
  const first = Number(address.split('.')[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
