import { Address4, Address6 } from 'ip-address';
import { z } from 'zod';
import type { IpFamily } from '../records/network.ts';

/** One address as a number. */
export interface IpAddress {
  readonly family: IpFamily;
  readonly value: bigint;
}

/** All addresses that share a prefix. */
export interface Subnet {
  readonly family: IpFamily;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();

const BITS: Record<IpFamily, number> = { ipv4: 32, ipv6: 128 };

/** Null for what is no address; zones (`%eth0`) and shortened IPv4 are none. */
export function parseIp(text: string): IpAddress | null {
  if (ipv4.safeParse(text).success) return { family: 'ipv4', value: new Address4(text).bigInt() };
  if (ipv6.safeParse(text).success && Address6.isValid(text)) {
    return { family: 'ipv6', value: new Address6(text).bigInt() };
  }
  return null;
}

/** In its shortest form, as RFC 5952 writes IPv6. */
export function formatIp({ family, value }: IpAddress): string {
  return family === 'ipv4'
    ? Address4.fromBigInt(value).correctForm()
    : Address6.fromBigInt(value).correctForm();
}

/** An address and the subnet around it, of `192.168.100.1/24`. Null for anything else. */
export function parseInterface(text: string): { readonly ip: IpAddress; readonly subnet: Subnet } | null {
  const [address = '', length, rest] = text.split('/');
  const ip = parseIp(address);
  if (ip === null || length === undefined || rest !== undefined || !/^\d{1,3}$/.test(length)) return null;
  const prefix = Number(length);
  if (prefix > BITS[ip.family]) return null;
  return { ip, subnet: subnetOf(ip, prefix) };
}

export function subnetOf({ family, value }: IpAddress, prefix: number): Subnet {
  const size = 1n << BigInt(BITS[family] - prefix);
  const first = (value / size) * size;
  return { family, prefix, first, last: first + size - 1n };
}

/** `192.168.100.0/24` */
export function formatSubnet({ family, prefix, first }: Subnet): string {
  return `${formatIp({ family, value: first })}/${prefix}`;
}

export function isInside(subnet: Subnet, { family, value }: IpAddress): boolean {
  return family === subnet.family && value >= subnet.first && value <= subnet.last;
}

export function overlap(a: Subnet, b: Subnet): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** What hosts of a subnet can have: without the network's own address and, of IPv4, the broadcast address. */
export function usableAddresses({ family, first, last }: Subnet): {
  readonly first: bigint;
  readonly last: bigint;
} {
  return { first: first + 1n, last: family === 'ipv4' ? last - 1n : last };
}

/** The same address, however it was written. */
export function isSameIp(a: string, b: string): boolean {
  const left = parseIp(a);
  const right = parseIp(b);
  return left !== null && right !== null && left.family === right.family && left.value === right.value;
}
