import {
  isSameHost,
  isSameIp,
  isSameLease,
  LimenError,
  mainAddress,
  type NetworkEdit,
  type NewAddress,
  type StaticLease,
  type WantedLease,
} from '@limen/contract';
import type { NetworkXml } from 'node-libvirt';
import { describeNetwork } from './describe-network.ts';

type Edit<T extends NetworkEdit['type']> = Extract<NetworkEdit, { readonly type: T }>;
type XmlElement = NetworkXml['root'];
type Family = Edit<'set-ranges'>['family'];

/** libvirt's words for the kinds that have a bridge of its own; isolated ones say nothing. */
const MODES = { nat: 'nat', routed: 'route', open: 'open', isolated: null, bridge: 'bridge' } as const;

export function modeOf(kind: keyof typeof MODES): (typeof MODES)[keyof typeof MODES] {
  return MODES[kind];
}

/** Change a definition by one edit, and nothing else in it. Throws `NOT_FOUND` for what is not there. */
export function editDefinition(xml: NetworkXml, edit: NetworkEdit): void {
  switch (edit.type) {
    case 'add-static-lease':
      return writeLease(leaseParent(xml, edit.lease).add({ name: 'host' }), edit.lease);
    case 'replace-static-lease':
      return writeLease(requireLease(xml, edit.old), edit.lease);
    case 'remove-static-lease':
      return removeLease(xml, edit.lease);
    case 'add-dns-host':
      xml.root.reach('dns').add(dnsHostSpec(edit.host));
      return;
    case 'replace-dns-host': {
      const host = requireDnsHost(xml, edit.old);
      host.setAttribute('ip', edit.host.ip);
      host.replaceChildren(
        'hostname',
        edit.host.hostnames.map((content) => ({ name: 'hostname', content })),
      );
      return;
    }
    case 'remove-dns-host':
      requireDnsHost(xml, edit.host).remove();
      if (xml.root.find('dns')?.isEmpty === true) xml.root.erase('dns');
      return;
    case 'set-ranges':
      return setRanges(requireIp(xml, edit.family), edit.ranges);
    case 'set-address':
      return setAddress(xml, edit);
    case 'set-domain':
      xml.domainLocalOnly = edit.domain?.localOnly === true ? true : null;
      if (edit.domain === null) xml.root.set('domain', null);
      else xml.domain = edit.domain.name;
      return;
    case 'set-kind':
      return setKind(xml, edit);
    case 'set-host-bridge':
      xml.bridge = edit.bridge;
  }
}

/** Position among the `<ip>` elements of the one a family's edits are about; -1 without one. */
export function ipIndex(xml: NetworkXml, family: Family): number {
  const settings = describeNetwork(xml);
  const main = mainAddress(settings, family);
  return main === null ? -1 : settings.addresses.indexOf(main);
}

export function findLeaseElement(xml: NetworkXml, lease: StaticLease): XmlElement | null {
  return leasePlace(xml, lease)?.host ?? null;
}

/** Where a lease stands: its element, and the position of the `<ip>` it belongs to. */
export function leasePlace(
  xml: NetworkXml,
  lease: StaticLease,
): { readonly host: XmlElement; readonly index: number } | null {
  const { addresses } = describeNetwork(xml);
  for (const [index, { staticLeases }] of addresses.entries()) {
    const at = staticLeases.findIndex((known) => isSameLease(known, lease));
    const host = at === -1 ? undefined : hostsOf(xml, index)[at];
    if (host !== undefined) return { host, index };
  }
  return null;
}

export function findDnsHost(xml: NetworkXml, wanted: Edit<'remove-dns-host'>['host']): XmlElement | null {
  const index = describeNetwork(xml).dnsHosts.findIndex((host) => isSameHost(host, wanted));
  return xml.root.find('dns')?.children('host')[index] ?? null;
}

/** The range's element in an `<ip>`. */
export function findRange(ip: XmlElement, range: { start: string; end: string }): XmlElement | null {
  const ranges = ip.find('dhcp')?.children('range') ?? [];
  return (
    ranges.find(
      (each) =>
        isSameIp(each.attribute('start') ?? '', range.start) &&
        isSameIp(each.attribute('end') ?? '', range.end),
    ) ?? null
  );
}

function leaseParent(xml: NetworkXml, { ip }: WantedLease): XmlElement {
  return requireIp(xml, ip.includes(':') ? 'ipv6' : 'ipv4').reach('dhcp');
}

/** What else the element says, such as how long the lease is for, stays. */
function writeLease(host: XmlElement, { mac, duid, name, ip }: WantedLease): void {
  host.setAttribute('mac', mac?.toLowerCase() ?? null);
  host.setAttribute('id', duid);
  host.setAttribute('name', name);
  host.setAttribute('ip', ip);
}

function removeLease(xml: NetworkXml, lease: StaticLease): void {
  const place = leasePlace(xml, lease);
  if (place === null) throw missing('static lease', lease.ip ?? lease.mac ?? '');
  place.host.remove();
  dropEmptyDhcp(ipAt(xml, place.index));
}

function requireLease(xml: NetworkXml, lease: StaticLease): XmlElement {
  const host = findLeaseElement(xml, lease);
  if (host === null) throw missing('static lease', lease.ip ?? lease.mac ?? '');
  return host;
}

function requireDnsHost(xml: NetworkXml, wanted: Edit<'remove-dns-host'>['host']): XmlElement {
  const host = findDnsHost(xml, wanted);
  if (host === null) throw missing('DNS host', wanted.ip);
  return host;
}

function requireIp(xml: NetworkXml, family: Family): XmlElement {
  const ip = ipAt(xml, ipIndex(xml, family));
  if (ip === undefined) throw missing('address', family);
  return ip;
}

export function ipAt(xml: NetworkXml, index: number): XmlElement | undefined {
  return xml.root.children('ip')[index];
}

function hostsOf(xml: NetworkXml, index: number): XmlElement[] {
  return ipAt(xml, index)?.find('dhcp')?.children('host') ?? [];
}

function dnsHostSpec({ ip, hostnames }: Edit<'add-dns-host'>['host']) {
  return {
    name: 'host',
    attributes: { ip },
    content: hostnames.map((content) => ({ name: 'hostname', content })),
  };
}

/** Ranges that stay keep what else they say. */
function setRanges(ip: XmlElement, ranges: NewAddress['ranges']): void {
  const kept = new Set(ranges.map((range) => findRange(ip, range)));
  for (const old of ip.find('dhcp')?.children('range') ?? []) {
    if (![...kept].some((each) => each?.isSame(old) === true)) old.remove();
  }
  for (const range of ranges) {
    if (findRange(ip, range) === null) ip.reach('dhcp').add({ name: 'range', attributes: range });
  }
  dropEmptyDhcp(ip);
}

function dropEmptyDhcp(ip: XmlElement | undefined): void {
  if (ip?.find('dhcp')?.isEmpty === true) ip.erase('dhcp');
}

function setAddress(xml: NetworkXml, { family, address }: Edit<'set-address'>): void {
  const present = ipAt(xml, ipIndex(xml, family));
  if (address === null) {
    present?.remove();
    return;
  }
  const ip = present ?? xml.root.add({ name: 'ip', attributes: { family } });
  const [host, prefix] = address.address.split('/');
  ip.setAttribute('address', host);
  ip.setAttribute('netmask', null);
  ip.setAttribute('prefix', prefix);
  setRanges(ip, address.ranges);
}

function setKind(xml: NetworkXml, { kind, device }: Edit<'set-kind'>): void {
  const mode = MODES[kind];
  if (mode === null) {
    xml.root.erase('forward');
    return;
  }
  const forward = xml.root.reach('forward');
  forward.setAttribute('mode', mode);
  if (device !== describeNetwork(xml).device) {
    // libvirt repeats the device as a list of one.
    for (const each of forward.children('interface')) each.remove();
    forward.setAttribute('dev', device);
  }
  if (mode !== 'nat') forward.child('nat')?.remove();
}

function missing(kind: string, id: string): LimenError<'NOT_FOUND'> {
  return new LimenError('NOT_FOUND', { kind, id });
}
