import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { formatSubnet, parseInterface, type TakenSubnet } from '@limen/contract';
import type { BridgeReading, HostLinks } from '../../ports/networks.ts';

const SYSFS = '/sys/class/net';
const LOOPBACK = 'lo';

/** This host's bridges, devices and subnets, as its kernel tells them. */
export async function readHostLinks(): Promise<HostLinks> {
  const [bridges, devices, routes] = await Promise.all([readBridges(), readDevices(), readRoutes()]);
  const known = new Map(
    [...routes, ...ownSubnets()].map((taken) => [`${taken.subnet} ${taken.name}`, taken]),
  );
  return { bridges, devices: devices.filter((name) => name !== LOOPBACK), subnets: [...known.values()] };
}

export async function readBridges(): Promise<BridgeReading[]> {
  const read = await Promise.all((await readDevices()).map(readBridge));
  return read.filter((bridge) => bridge !== null);
}

async function readDevices(): Promise<string[]> {
  const names = await readdir(SYSFS).catch(() => []);
  return names.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Null for what is no bridge. */
async function readBridge(name: string): Promise<BridgeReading | null> {
  const members = await readdir(join(SYSFS, name, 'brif')).catch(() => null);
  if (members === null) return null;
  const flags = await readFile(join(SYSFS, name, 'flags'), 'utf8').catch(() => '0');
  // IFF_UP, linux/if.h
  return { name, up: (Number(flags) & 1) === 1, members: members.toSorted() };
}

async function readRoutes(): Promise<TakenSubnet[]> {
  const [v4, v6] = await Promise.all(
    ['/proc/net/route', '/proc/net/ipv6_route'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return [...parseIpv4Routes(v4 ?? ''), ...parseIpv6Routes(v6 ?? '')];
}

/** `/proc/net/route` (proc_net(5)): after a heading, fields of which addresses are in the host's byte order. */
export function parseIpv4Routes(text: string): TakenSubnet[] {
  return text.split('\n').flatMap((line) => {
    const [name, destination = '', , , , , , mask = ''] = line.split(/\s+/);
    if (name === undefined || !/^[0-9A-F]{8}$/.test(destination) || !/^[0-9A-F]{8}$/.test(mask)) return [];
    const prefix = bytesOf(mask).reduce(
      (bits, byte) => bits + byte.toString(2).replaceAll('0', '').length,
      0,
    );
    return takenBy(name, `${bytesOf(destination).toReversed().join('.')}/${prefix}`);
  });
}

/** `/proc/net/ipv6_route`: destination, its prefix length, …, device last. */
export function parseIpv6Routes(text: string): TakenSubnet[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [destination = '', prefix = ''] = fields;
    const name = fields.at(-1);
    if (name === undefined || !/^[0-9a-f]{32}$/.test(destination) || !/^[0-9a-f]{2}$/.test(prefix)) return [];
    const address = destination.match(/.{4}/g)?.join(':') ?? '';
    return takenBy(name, `${address}/${Number.parseInt(prefix, 16)}`);
  });
}

/** Of addresses: a device that is not in use has no route. */
function ownSubnets(): TakenSubnet[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ cidr }) => takenBy(name, cidr ?? '')),
  );
}

/** Nothing for default routes, and for what every host has: loopback, link-local and multicast. */
function takenBy(name: string, text: string): TakenSubnet[] {
  const subnet = parseInterface(text)?.subnet;
  if (subnet === undefined || subnet.prefix === 0 || name === LOOPBACK) return [];
  const formatted = formatSubnet(subnet);
  if (/^(fe[89ab]|ff)/.test(formatted) || formatted.startsWith('169.254.')) return [];
  return [{ subnet: formatted, by: 'device', name }];
}

function bytesOf(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
}
