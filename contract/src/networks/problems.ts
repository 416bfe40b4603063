/** Why a network cannot be as it is wished for. Stable: clients translate it. */
export type NetworkProblemReason =
  | 'no-address'
  | 'wrong-family'
  | 'special-address'
  | 'prefix-too-short'
  | 'prefix-too-long'
  | 'not-a-host-address'
  | 'overlaps-host'
  | 'overlaps-network'
  | 'outside-subnet'
  | 'range-backwards'
  | 'range-too-large'
  | 'range-holds-host'
  | 'ranges-overlap'
  | 'is-host-address'
  | 'address-taken'
  | 'mac-taken'
  | 'mac-multicast'
  | 'name-taken'
  | 'lease-without-identity'
  | 'mac-in-ipv6'
  | 'duid-in-ipv4'
  | 'lease-outside-subnet'
  | 'hostname-taken'
  | 'device-taken'
  | 'no-such-device'
  | 'no-such-bridge'
  | 'bridge-missing'
  | 'address-needed'
  | 'no-dhcp-here'
  | 'not-for-kind'
  | 'not-found';

export interface NetworkProblem {
  readonly path: readonly string[];
  readonly reason: NetworkProblemReason;
  /** Who or what is in the way. */
  readonly detail?: string;
}

const sentences: Record<NetworkProblemReason, string> = {
  'no-address': 'is not an address with a prefix, such as 192.168.100.1/24',
  'wrong-family': 'is of the other address family',
  'special-address': 'is loopback, link-local, multicast or reserved',
  'prefix-too-short': 'the subnet is too large',
  'prefix-too-long': 'the subnet is too small',
  'not-a-host-address': 'is the network’s own or the broadcast address',
  'overlaps-host': 'overlaps with a subnet the host reaches by',
  'overlaps-network': 'overlaps with network',
  'outside-subnet': 'is outside the subnet',
  'range-backwards': 'the range ends before it begins',
  'range-too-large': 'the range has more than 65535 addresses',
  'range-holds-host': 'the range holds the host’s own address',
  'ranges-overlap': 'the ranges overlap',
  'is-host-address': 'is the host’s own address',
  'address-taken': 'the address is promised to',
  'mac-taken': 'the MAC address has a static lease already:',
  'mac-multicast': 'is a multicast address',
  'name-taken': 'the name is taken',
  'lease-without-identity': 'a static lease needs a MAC address (IPv4), or a DUID or a name (IPv6)',
  'mac-in-ipv6': 'DHCPv6 knows clients by DUID or name, not by MAC address',
  'duid-in-ipv4': 'DUIDs are DHCPv6’s',
  'lease-outside-subnet': 'static leases would be outside:',
  'hostname-taken': 'has an entry already:',
  'device-taken': 'the host has a device of that name',
  'no-such-device': 'the host has no such device',
  'no-such-bridge': 'the host has no such bridge',
  'bridge-missing': 'a bridge of the host is needed',
  'address-needed': 'this kind of network needs an address',
  'no-dhcp-here': 'the network has no address of this family',
  'not-for-kind': 'this kind of network has no such thing',
  'not-found': 'is not there any more',
};

/** In English, for logs and other clients; the desktop has words of its own. */
export function explainProblem({ reason, detail }: NetworkProblem): string {
  return detail === undefined ? sentences[reason] : `${sentences[reason]} ${detail}`;
}
