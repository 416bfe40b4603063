import type { NetworkSettings, NetworksSnapshot } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import type { Translate } from '../../locales/i18n.ts';
import { checkDraft, checkEdits, draftOf, editsOf, emptyDraft, type NetworkDraft } from './network-form.ts';

const snapshot: NetworksSnapshot = {
  networks: [],
  bridges: [{ name: 'br0', up: true, members: [], users: [], hiddenUsers: 0 }],
  surroundings: {
    taken: [
      { subnet: '192.168.100.0/24', by: 'network', name: 'lab' },
      { subnet: '10.0.0.0/8', by: 'device', name: 'tun0' },
    ],
    devices: ['eth0', 'br0'],
  },
};

const stored: NetworkSettings = {
  kind: 'nat',
  forwardMode: 'nat',
  device: null,
  bridge: 'virbr0',
  addresses: [
    {
      family: 'ipv4',
      address: '192.168.100.1/24',
      ranges: [{ start: '192.168.100.2', end: '192.168.100.99' }],
      staticLeases: [],
    },
  ],
  domain: { name: 'lab.test', localOnly: true },
  dnsEnabled: true,
  dnsHosts: [],
};

// The reason itself is what these tests are about, not its words.
const t = ((key: string) => key) as unknown as Translate;
const draft = (change: Partial<NetworkDraft>): NetworkDraft => ({
  ...emptyDraft(snapshot.surroundings.taken),
  name: 'new',
  ...change,
});
const problems = (change: Partial<NetworkDraft>) => [...checkDraft(draft(change), snapshot, t).problems];

describe('a new network', () => {
  it('begins with a subnet that is free, and can be made as it is', () => {
    const { ipv4 } = draft({});
    expect(ipv4?.address).toBe('192.168.101.1/24');
    expect(checkDraft(draft({}), snapshot, t)).toMatchObject({
      wish: { kind: 'nat', ipv4 },
      problems: new Map(),
    });
  });

  it('says of every field what is wrong, whatever is wrong with the others', () => {
    const ipv4 = { address: '10.1.1.1/24', ranges: [{ start: '10.1.1.1', end: 'x' }] };
    expect(problems({ name: '', domain: 'a b', bridge: 'much-too-long-a-name', ipv4 })).toEqual([
      ['ipv4.address', 'networks:problem.overlaps-host'],
      ['name', 'networks:error.name'],
      ['bridge', 'networks:error.bridge'],
      ['domain', 'networks:error.domain'],
    ]);
    expect(checkDraft(draft({ name: '' }), snapshot, t).wish).toBeNull();
  });

  it('leaves out what does not fit its kind', () => {
    expect(
      checkDraft(draft({ kind: 'bridge', bridge: 'br0', device: 'eth0' }), snapshot, t).wish,
    ).toMatchObject({
      kind: 'bridge',
      bridge: 'br0',
      device: null,
      ipv4: null,
      domain: null,
    });
    expect(problems({ kind: 'bridge', bridge: '' })).toEqual([['bridge', 'networks:problem.bridge-missing']]);
  });
});

describe('edits of a network', () => {
  const before = draftOf('lab', stored);

  it('are none when nothing was changed', () => {
    expect(editsOf(before, stored)).toEqual([]);
  });

  it('change ranges alone where the address stays', () => {
    const ranges = [{ start: '192.168.100.10', end: '192.168.100.20' }];
    const change = { ...before, ipv4: { address: '192.168.100.1/24', ranges } };
    expect(editsOf(change, stored)).toEqual([{ type: 'set-ranges', family: 'ipv4', ranges }]);
  });

  it('name everything else that differs', () => {
    const change = { ...before, kind: 'isolated', device: 'eth0', ipv4: null, domain: '' } as const;
    expect(editsOf(change, stored)).toEqual([
      { type: 'set-address', family: 'ipv4', address: null },
      { type: 'set-kind', kind: 'isolated', device: null },
      { type: 'set-domain', domain: null },
    ]);
  });

  it('may keep their own subnet and no other', () => {
    const at = (address: string) => editsOf({ ...before, ipv4: { address, ranges: [] } }, stored);
    const check = (address: string) => [...checkEdits(at(address), { name: 'lab', stored }, snapshot, t)];
    expect(check('192.168.100.1/25')).toEqual([]);
    expect(check('10.5.5.1/24')).toEqual([['ipv4.address', 'networks:problem.overlaps-host']]);
    const domain = editsOf({ ...before, domain: '-' }, stored);
    expect([...checkEdits(domain, { name: 'lab', stored }, snapshot, t)]).toEqual([
      ['domain', 'networks:error.domain'],
    ]);
  });
});
