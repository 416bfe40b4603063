import type { AddressRange, IpFamily, NewAddress, TakenSubnet } from '../records/network.ts';
import {
  type IpAddress,
  isInside,
  overlap,
  parseInterface,
  parseIp,
  type Subnet,
  usableAddresses,
} from './addresses.ts';
import type { NetworkProblem, NetworkProblemReason } from './problems.ts';

/** libvirt's own bound on a range. */
const LARGEST_RANGE = 65_535n;
/** Of subnets, in bits: more hosts than a bridge bears, fewer than the host and one guest, DHCPv6's /64. */
const PREFIXES: Record<IpFamily, { readonly shortest: number; readonly longest: number }> = {
  ipv4: { shortest: 8, longest: 30 },
  ipv6: { shortest: 64, longest: 126 },
};

/** RFC 6890: "this network", loopback, link-local, multicast and reserved. */
const SPECIAL = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '::/8',
  'fe80::/10',
  'ff00::/8',
].flatMap((text) => parseInterface(text)?.subnet ?? []);

/**
 * The host's address on a network of this family, the subnet that comes with it and the ranges in it, against all
 * that is `taken`. Paths begin with the family.
 */
export function checkAddress(
  family: IpFamily,
  { address, ranges }: NewAddress,
  taken: readonly TakenSubnet[],
): NetworkProblem[] {
  const at = (reason: NetworkProblemReason, detail?: string): NetworkProblem[] => [
    { path: [family, 'address'], reason, ...(detail !== undefined && { detail }) },
  ];
  const parsed = parseInterface(address);
  if (parsed === null) return at('no-address');
  const { ip, subnet } = parsed;
  if (subnet.family !== family) return at('wrong-family');
  const { shortest, longest } = PREFIXES[family];
  if (subnet.prefix < shortest) return at('prefix-too-short');
  if (subnet.prefix > longest) return at('prefix-too-long');
  if (SPECIAL.some((special) => overlap(special, subnet))) return at('special-address');
  if (!isUsable(subnet, ip)) return at('not-a-host-address');
  const inTheWay = taken.find((other) => {
    const theirs = parseInterface(other.subnet)?.subnet;
    return theirs !== undefined && overlap(theirs, subnet);
  });
  if (inTheWay !== undefined) {
    const reason = inTheWay.by === 'device' ? 'overlaps-host' : 'overlaps-network';
    return at(reason, `${inTheWay.name} (${inTheWay.subnet})`);
  }
  return checkRanges(family, ranges, address);
}

/** Ranges to be given out around the host's `address`. */
export function checkRanges(
  family: IpFamily,
  ranges: readonly AddressRange[],
  address: string,
): NetworkProblem[] {
  const around = parseInterface(address);
  if (around === null) return [{ path: [family, 'ranges'], reason: 'no-dhcp-here' }];
  const problems: NetworkProblem[] = [];
  const accepted: { readonly first: bigint; readonly last: bigint }[] = [];
  for (const [index, { start, end }] of ranges.entries()) {
    const path = [family, 'ranges', String(index)];
    const first = parseIp(start);
    const last = parseIp(end);
    const outside = (ip: IpAddress | null): boolean => ip === null || !isUsable(around.subnet, ip);
    if (first === null || outside(first))
      problems.push({ path: [...path, 'start'], reason: 'outside-subnet' });
    if (last === null || outside(last)) problems.push({ path: [...path, 'end'], reason: 'outside-subnet' });
    if (first === null || last === null || outside(first) || outside(last)) continue;
    const reason = rangeProblem({ first: first.value, last: last.value }, around.ip.value, accepted);
    if (reason !== null) problems.push({ path: [...path, 'end'], reason });
    accepted.push({ first: first.value, last: last.value });
  }
  return problems;
}

function rangeProblem(
  range: { readonly first: bigint; readonly last: bigint },
  host: bigint,
  others: readonly { readonly first: bigint; readonly last: bigint }[],
): NetworkProblemReason | null {
  if (range.last < range.first) return 'range-backwards';
  if (range.last - range.first >= LARGEST_RANGE) return 'range-too-large';
  if (host >= range.first && host <= range.last) return 'range-holds-host';
  if (others.some((other) => range.first <= other.last && other.first <= range.last)) return 'ranges-overlap';
  return null;
}

/** Whether a guest or the host can have it there. */
export function isUsable(subnet: Subnet, ip: IpAddress): boolean {
  const { first, last } = usableAddresses(subnet);
  return isInside(subnet, ip) && ip.value >= first && ip.value <= last;
}
