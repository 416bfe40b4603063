import type { IpFamily, NewAddress, TakenSubnet } from '../records/network.ts';
import { formatIp, overlap, parseInterface, type Subnet, subnetOf, usableAddresses } from './addresses.ts';

/** Where private subnets are looked for: first where libvirt's own network is, away from what home routers use. */
const IPV4_PLACES = ['192.168.0.0/16', '10.0.0.0/8', '172.16.0.0/12'];
const FIRST_TRIED = 100n;
const TRIES = 512n;
/** A lab of machines; more can be typed. */
const IPV6_GUESTS = 0x100n;

/** A private /24 nobody has, with the host first and the rest given out; null when all that were tried are taken. */
export function proposeIpv4(taken: readonly TakenSubnet[]): NewAddress | null {
  const others = subnets(taken);
  for (const place of IPV4_PLACES) {
    const around = parseInterface(place)?.subnet;
    if (around === undefined) continue;
    const count = (around.last - around.first + 1n) / 256n;
    for (let offset = 0n; offset < count && offset < TRIES; offset += 1n) {
      const value = around.first + ((offset + FIRST_TRIED) % count) * 256n;
      const subnet = subnetOf({ family: 'ipv4', value }, 24);
      if (!others.some((other) => overlap(other, subnet))) return inSubnet(subnet);
    }
  }
  return null;
}

/**
 * A /64 of a unique local prefix (RFC 4193).
 *
 * @param random 40 random bits: what makes the prefix unique.
 */
export function proposeIpv6(taken: readonly TakenSubnet[], random: () => bigint): NewAddress | null {
  const others = subnets(taken);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const globalId = random() & ((1n << 40n) - 1n);
    const value = (0xfdn << 120n) | (globalId << 80n);
    const subnet = subnetOf({ family: 'ipv6', value }, 64);
    if (!others.some((other) => overlap(other, subnet))) return inSubnet(subnet);
  }
  return null;
}

/** What can be given out around an address of the host's: the larger part beside it. Null when that is no address. */
export function proposeRange(address: string): NewAddress['ranges'][number] | null {
  const around = parseInterface(address);
  if (around === null) return null;
  const { ip, subnet } = around;
  const { first, last } = usableAddresses(subnet);
  const below = { first, last: ip.value - 1n };
  const above = { first: ip.value + 1n, last };
  const part = below.last - below.first > above.last - above.first ? below : above;
  if (part.last < part.first) return null;
  return rangeOf(subnet.family, part);
}

function rangeOf(
  family: IpFamily,
  { first, last }: { first: bigint; last: bigint },
): NewAddress['ranges'][number] {
  const most = family === 'ipv4' ? 65_000n : IPV6_GUESTS;
  const end = last - first >= most ? first + most - 1n : last;
  return { start: formatIp({ family, value: first }), end: formatIp({ family, value: end }) };
}

function inSubnet(subnet: Subnet): NewAddress {
  const { family, prefix, first } = subnet;
  const address = `${formatIp({ family, value: first + 1n })}/${prefix}`;
  const range = proposeRange(address);
  return { address, ranges: range === null ? [] : [range] };
}

function subnets(taken: readonly TakenSubnet[]): Subnet[] {
  return taken.flatMap(({ subnet }) => parseInterface(subnet)?.subnet ?? []);
}
