import type {
  DnsHost,
  IpFamily,
  NetworkAddress,
  NetworkEdit,
  NetworkSettings,
  StaticLease,
  WantedLease,
} from '../records/network.ts';
import { isSameIp, parseInterface, parseIp } from './addresses.ts';
import { checkAddress, checkRanges, isUsable } from './check-addresses.ts';
import { checkDevice, needsAddress, type NetworkSurroundings } from './check-new-network.ts';
import type { NetworkProblem } from './problems.ts';

/** Of a family's addresses the one that edits are about: libvirt gives out addresses at one of each. */
export function mainAddress(
  { addresses }: Pick<NetworkSettings, 'addresses'>,
  family: IpFamily,
): NetworkAddress | null {
  const own = addresses.filter((address) => address.family === family);
  const giving = own.find(({ ranges, staticLeases }) => ranges.length + staticLeases.length > 0);
  return giving ?? own[0] ?? null;
}

/**
 * Whether an edit makes sense on what is stored. `around` is what others have: without this network's own subnets.
 * Empty: it can be tried.
 */
export function checkEdit(
  edit: NetworkEdit,
  stored: NetworkSettings,
  around: Pick<NetworkSurroundings, 'taken' | 'devices' | 'bridges'>,
): NetworkProblem[] {
  if (stored.kind === 'other' || (stored.kind === 'bridge') !== (edit.type === 'set-host-bridge')) {
    return [{ path: ['type'], reason: 'not-for-kind' }];
  }
  switch (edit.type) {
    case 'add-static-lease':
      return checkLease(edit.lease, stored, null);
    case 'replace-static-lease':
      return findLease(stored, edit.old) === null
        ? [{ path: ['old'], reason: 'not-found' }]
        : checkLease(edit.lease, stored, edit.old);
    case 'remove-static-lease':
      return findLease(stored, edit.lease) === null ? [{ path: ['lease'], reason: 'not-found' }] : [];
    case 'add-dns-host':
      return checkDnsHost(edit.host, stored.dnsHosts);
    case 'replace-dns-host': {
      const others = stored.dnsHosts.filter((host) => !isSameHost(host, edit.old));
      if (others.length === stored.dnsHosts.length) return [{ path: ['old'], reason: 'not-found' }];
      return checkDnsHost(edit.host, others);
    }
    case 'remove-dns-host': {
      const known = stored.dnsHosts.some((host) => isSameHost(host, edit.host));
      return known ? [] : [{ path: ['host'], reason: 'not-found' }];
    }
    case 'set-ranges': {
      const address = mainAddress(stored, edit.family);
      if (address === null) return [{ path: [edit.family, 'ranges'], reason: 'no-dhcp-here' }];
      return checkRanges(edit.family, edit.ranges, address.address);
    }
    case 'set-address':
      return checkNewAddress(edit, stored, around);
    case 'set-domain':
      return [];
    case 'set-kind':
      if (needsAddress(edit.kind) && stored.addresses.length === 0) {
        return [{ path: ['kind'], reason: 'address-needed' }];
      }
      return edit.device === stored.device ? [] : checkDevice(edit.kind, edit.device, around);
    case 'set-host-bridge':
      return around.bridges.includes(edit.bridge) ? [] : [{ path: ['bridge'], reason: 'no-such-bridge' }];
  }
}

/** A static lease beside all others but `instead`, which it replaces. */
export function checkLease(
  lease: WantedLease,
  stored: NetworkSettings,
  instead: StaticLease | null,
): NetworkProblem[] {
  const ip = parseIp(lease.ip);
  if (ip === null) return leaseProblem('ip', 'outside-subnet');
  const address = mainAddress(stored, ip.family);
  const around = address && parseInterface(address.address);
  if (address === null || around === null) return leaseProblem('ip', 'no-dhcp-here');
  if (!isUsable(around.subnet, ip)) return leaseProblem('ip', 'outside-subnet');
  if (around.ip.value === ip.value) return leaseProblem('ip', 'is-host-address');
  const identity = identityProblem(lease, ip.family);
  if (identity !== null) return [identity];
  const others = address.staticLeases.filter((other) => instead === null || !isSameLease(other, instead));
  const sameIp = others.find((other) => other.ip !== null && isSameIp(other.ip, lease.ip));
  if (sameIp !== undefined) return leaseProblem('ip', 'address-taken', nameOf(sameIp));
  const mac = lease.mac?.toLowerCase();
  const sameMac = others.find((other) => mac !== undefined && other.mac?.toLowerCase() === mac);
  if (sameMac !== undefined) return leaseProblem('mac', 'mac-taken', sameMac.ip ?? nameOf(sameMac));
  const name = lease.name?.toLowerCase();
  if (name !== undefined && others.some((other) => other.name?.toLowerCase() === name)) {
    return leaseProblem('name', 'name-taken');
  }
  return [];
}

function leaseProblem(
  field: keyof WantedLease,
  reason: NetworkProblem['reason'],
  detail?: string,
): NetworkProblem[] {
  return [{ path: ['lease', field], reason, ...(detail !== undefined && { detail }) }];
}

/** The lease as the settings have it, with where it is; null when nothing is quite like it. */
export function findLease(stored: NetworkSettings, lease: StaticLease): NetworkAddress | null {
  return (
    stored.addresses.find(({ staticLeases }) => staticLeases.some((known) => isSameLease(known, lease))) ??
    null
  );
}

export function isSameLease(a: StaticLease, b: StaticLease): boolean {
  const sameIp = a.ip === b.ip || (a.ip !== null && b.ip !== null && isSameIp(a.ip, b.ip));
  const sameMac = (a.mac ?? '').toLowerCase() === (b.mac ?? '').toLowerCase();
  return sameIp && sameMac && a.duid === b.duid && a.name === b.name;
}

export function isSameHost(a: DnsHost, b: DnsHost): boolean {
  return isSameIp(a.ip, b.ip) && a.hostnames.join('\n') === b.hostnames.join('\n');
}

function identityProblem({ mac, duid, name }: WantedLease, family: IpFamily): NetworkProblem | null {
  if (family === 'ipv4') {
    if (duid !== null) return { path: ['lease', 'duid'], reason: 'duid-in-ipv4' };
    if (mac === null) return { path: ['lease', 'mac'], reason: 'lease-without-identity' };
    // The lowest bit of the first octet makes it an address of many.
    const multicast = (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
    return multicast ? { path: ['lease', 'mac'], reason: 'mac-multicast' } : null;
  }
  if (mac !== null) return { path: ['lease', 'mac'], reason: 'mac-in-ipv6' };
  if (duid === null && name === null) return { path: ['lease', 'duid'], reason: 'lease-without-identity' };
  return null;
}

function checkDnsHost(host: DnsHost, others: readonly DnsHost[]): NetworkProblem[] {
  if (parseIp(host.ip) === null) return [{ path: ['host', 'ip'], reason: 'no-address' }];
  // libvirt keeps the names of an address together.
  if (others.some(({ ip }) => isSameIp(ip, host.ip))) {
    return [{ path: ['host', 'ip'], reason: 'hostname-taken', detail: host.ip }];
  }
  const lower = host.hostnames.map((name) => name.toLowerCase());
  const twice = lower.find(
    (name, index) =>
      lower.indexOf(name) !== index ||
      others.some(({ hostnames }) => hostnames.some((other) => other.toLowerCase() === name)),
  );
  if (twice !== undefined) return [{ path: ['host', 'hostnames'], reason: 'hostname-taken', detail: twice }];
  return [];
}

function checkNewAddress(
  { family, address }: Extract<NetworkEdit, { type: 'set-address' }>,
  stored: NetworkSettings,
  { taken }: Pick<NetworkSurroundings, 'taken'>,
): NetworkProblem[] {
  const present = mainAddress(stored, family);
  if (address === null) {
    if (present === null) return [{ path: [family, 'address'], reason: 'not-found' }];
    if (stored.addresses.length === 1 && needsAddress(stored.kind)) {
      return [{ path: [family, 'address'], reason: 'address-needed' }];
    }
    return [];
  }
  const own = stored.addresses
    .filter((other) => other !== present)
    .flatMap(({ address: text }) => ({ subnet: text, by: 'network' as const, name: stored.bridge ?? '' }));
  const problems = checkAddress(family, address, [...taken, ...own]);
  const subnet = parseInterface(address.address)?.subnet;
  if (problems.length > 0 || subnet === undefined) return problems;
  const outside = (present?.staticLeases ?? []).filter(({ ip }) => {
    const value = ip === null ? null : parseIp(ip);
    return value !== null && !isUsable(subnet, value);
  });
  if (outside.length === 0) return [];
  const detail = outside.map(nameOf).join(', ');
  return [{ path: [family, 'address'], reason: 'lease-outside-subnet', detail }];
}

function nameOf({ name, mac, duid, ip }: StaticLease): string {
  return name ?? mac ?? duid ?? ip ?? '';
}
