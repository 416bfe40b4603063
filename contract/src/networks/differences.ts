import type { NetworkSettings } from '../records/network.ts';

/** A part of a network's definition, as conflicts name it. */
export type NetworkPart = 'kind' | 'bridge' | 'addresses' | 'ranges' | 'static-leases' | 'domain' | 'dns';

/** What tells two definitions of a network apart, in few words. Empty: nothing that is shown. */
export function networkDifferences(before: NetworkSettings, after: NetworkSettings): NetworkPart[] {
  const parts: readonly (readonly [NetworkPart, (settings: NetworkSettings) => unknown])[] = [
    ['kind', ({ kind, forwardMode, device }) => [kind, forwardMode, device]],
    ['bridge', ({ bridge }) => bridge],
    ['addresses', ({ addresses }) => addresses.map(({ family, address }) => [family, address])],
    ['ranges', ({ addresses }) => addresses.map(({ ranges }) => ranges)],
    ['static-leases', ({ addresses }) => addresses.map(({ staticLeases }) => staticLeases)],
    ['domain', ({ domain }) => domain],
    ['dns', ({ dnsEnabled, dnsHosts }) => [dnsEnabled, dnsHosts]],
  ];
  return parts
    .filter(([, part]) => JSON.stringify(part(before)) !== JSON.stringify(part(after)))
    .map(([name]) => name);
}
