import type { NetworkSettings } from '@limen/contract';
import { expect, test } from 'vitest';
import { changedNetwork } from './changed-network.ts';

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
  expect(changedNetwork(before, structuredClone(before))).toEqual([]);
  const lease = { mac: '52:54:00:00:00:01', duid: null, name: null, ip: '10.0.0.2' };
  const addresses = before.addresses.map((address) => ({ ...address, staticLeases: [lease] }));
  expect(changedNetwork(before, { ...before, addresses })).toEqual(['static-leases']);
  expect(
    changedNetwork(before, { ...before, device: 'eth0', domain: { name: 'x', localOnly: true } }),
  ).toEqual(['kind', 'domain']);
});
