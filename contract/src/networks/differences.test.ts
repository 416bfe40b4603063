import { expect, test } from 'vitest';
import type { NetworkSettings } from '../records/network.ts';
import { networkDifferences } from './differences.ts';

const before: NetworkSettings = {
  kind: 'nat',
  forwardMode: 'nat',
  device: null,
  bridge: 'virbr0',
  addresses: [{ family: 'ipv4', address: '10.0.0.1/24', ranges: [], staticLeases: [] }],
  domain: null,
  dnsEnabled: true,
  dnsHosts: [],
};

test('what changed is named, and nothing else', () => {
  expect(networkDifferences(before, structuredClone(before))).toEqual([]);
  const lease = { mac: '52:54:00:00:00:01', duid: null, name: null, ip: '10.0.0.2' };
  const addresses = before.addresses.map((address) => ({ ...address, staticLeases: [lease] }));
  expect(networkDifferences(before, { ...before, addresses })).toEqual(['static-leases']);
  expect(
    networkDifferences(before, { ...before, device: 'eth0', domain: { name: 'x', localOnly: true } }),
  ).toEqual(['kind', 'domain']);
});
