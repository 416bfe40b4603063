import type { NetworkSettings } from '@limen/contract';

/** What tells two definitions of a network apart, in few words. Empty: nothing that is shown. */
export function changedNetwork(before: NetworkSettings, after: NetworkSettings): string[] {
  const parts: readonly (readonly [string, (settings: NetworkSettings) => unknown])[] = [
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
