import {
  type AddressRange,
  type DnsHost,
  isSameHost,
  isSameIp,
  isSameLease,
  mainAddress,
  type NetworkEdit,
  type NetworkSettings,
  type StaticLease,
} from '@limen/contract';
import { NetworkSection, NetworkUpdate, type NetworkXml } from 'node-libvirt';
import { describeNetwork } from './describe-network.ts';
import { findDnsHost, findRange, ipAt, ipIndex, leasePlace } from './edit-definition.ts';

/** One call of `virNetworkUpdate`. */
export interface LiveUpdate {
  readonly command: (typeof NetworkUpdate)[keyof typeof NetworkUpdate];
  readonly section: (typeof NetworkSection)[keyof typeof NetworkSection];
  /** Position of the `<ip>` concerned; -1 where there is none to choose. */
  readonly parent: number;
  readonly xml: string;
}

/** A step of a change to a running network, and how to take it back. */
export interface LiveStep {
  readonly update: LiveUpdate;
  readonly inverse: LiveUpdate;
}

/** The stored definition around an edit, and what runs. */
export interface Editing {
  readonly before: NetworkXml;
  readonly after: NetworkXml;
  readonly live: NetworkSettings;
}

/** How a running network takes an edit; null where libvirt can only start it anew. */
export function liveSteps(edit: NetworkEdit, editing: Editing): LiveStep[] | null {
  switch (edit.type) {
    case 'add-static-lease':
      return leaseSteps(editing, null, edit.lease);
    case 'replace-static-lease':
      return leaseSteps(editing, edit.old, edit.lease);
    case 'remove-static-lease':
      return leaseSteps(editing, edit.lease, null);
    case 'add-dns-host':
      return dnsSteps(editing, null, edit.host);
    case 'replace-dns-host':
      return dnsSteps(editing, edit.old, edit.host);
    case 'remove-dns-host':
      return dnsSteps(editing, edit.host, null);
    case 'set-ranges':
      return rangeSteps(editing, edit);
    case 'set-address':
    case 'set-domain':
    case 'set-kind':
    case 'set-host-bridge':
      return null;
  }
}

/** libvirt changes an entry in place only by its MAC: else it goes and comes anew. */
function leaseSteps(editing: Editing, old: StaticLease | null, lease: StaticLease | null): LiveStep[] | null {
  const { before, after, live } = editing;
  const from = old && leasePlace(before, old);
  const to = lease && leasePlace(after, lease);
  const index = from?.index ?? to?.index;
  if (index === undefined || !runsAlike(editing, index)) return null;
  const running = live.addresses[index]?.staticLeases ?? [];
  if (!fits(running, old, lease, isSameLease)) return null;
  const section = NetworkSection.ipDhcpHost;
  const at = (xml: string) => ({ section, parent: index, xml });
  if (from && to && old?.mac !== null && old?.mac === lease?.mac?.toLowerCase()) {
    const { modify } = NetworkUpdate;
    return [
      {
        update: { command: modify, ...at(to.host.toString()) },
        inverse: { command: modify, ...at(from.host.toString()) },
      },
    ];
  }
  return [
    ...(from ? [removal(at(from.host.toString()))] : []),
    ...(to ? [addition(at(to.host.toString()))] : []),
  ];
}

/** Entries of DNS can be added and deleted only. */
function dnsSteps(
  { before, after, live }: Editing,
  old: DnsHost | null,
  host: DnsHost | null,
): LiveStep[] | null {
  if (!live.dnsEnabled || !fits(live.dnsHosts, old, host, isSameHost)) return null;
  const from = old && findDnsHost(before, old);
  const to = host && findDnsHost(after, host);
  const at = { section: NetworkSection.dnsHost, parent: -1 };
  return [
    ...(from ? [removal({ ...at, xml: from.toString() })] : []),
    ...(to ? [addition({ ...at, xml: to.toString() })] : []),
  ];
}

function rangeSteps(
  editing: Editing,
  { family, ranges }: Extract<NetworkEdit, { type: 'set-ranges' }>,
): LiveStep[] | null {
  const { before, after, live } = editing;
  const index = ipIndex(before, family);
  const from = ipAt(before, index);
  const to = ipAt(after, index);
  if (from === undefined || to === undefined || !runsAlike(editing, index)) return null;
  const at = (xml: string) => ({ section: NetworkSection.ipDhcpRange, parent: index, xml });
  const old = (from.find('dhcp')?.children('range') ?? []).filter(
    (range) => findRange(to, boundsOf(range)) === null,
  );
  const added = ranges.flatMap((range) =>
    findRange(from, range) === null ? (findRange(to, range) ?? []) : [],
  );
  const given = live.addresses[index]?.ranges ?? [];
  const isGiven = (range: (typeof old)[number]): boolean =>
    given.some((each) => isSameRange(each, boundsOf(range)));
  if (!old.every(isGiven) || added.some(isGiven)) return null;
  return [
    ...old.map((range) => removal(at(range.toString()))),
    ...added.map((range) => addition(at(range.toString()))),
  ];
}

/** What is to go runs, and what is to come does not yet: the stored definition may have been ahead. */
function fits<T>(
  running: readonly T[],
  old: T | null,
  wanted: T | null,
  isSame: (a: T, b: T) => boolean,
): boolean {
  const runs = (entry: T): boolean => running.some((each) => isSame(each, entry));
  if (old !== null && !runs(old)) return false;
  return wanted === null || (old !== null && isSame(old, wanted)) || !runs(wanted);
}

function boundsOf(range: { attribute(name: string): string | null }): AddressRange {
  return { start: range.attribute('start') ?? '', end: range.attribute('end') ?? '' };
}

function isSameRange(a: AddressRange, b: AddressRange): boolean {
  return isSameIp(a.start, b.start) && isSameIp(a.end, b.end);
}

/** The address an entry belongs to is the same in the running network, at the same place. */
function runsAlike({ before, live }: Editing, index: number): boolean {
  const settings = describeNetwork(before);
  const stored = settings.addresses[index];
  const running = live.addresses[index];
  if (stored === undefined || running === undefined) return false;
  // Before the first DHCP entry libvirt may choose by its own rules, ours is the same one.
  return stored.address === running.address && mainAddress(settings, stored.family) === stored;
}

function addition(at: Omit<LiveUpdate, 'command'>): LiveStep {
  const { addLast: add, delete: remove } = NetworkUpdate;
  return { update: { command: add, ...at }, inverse: { command: remove, ...at } };
}

function removal(at: Omit<LiveUpdate, 'command'>): LiveStep {
  const { update, inverse } = addition(at);
  return { update: inverse, inverse: update };
}
