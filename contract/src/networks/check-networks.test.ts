import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NetworkSettings, newNetwork, type TakenSubnet, type WantedLease } from '../records/network.ts';
import { formatIp, formatSubnet, overlap, parseInterface, subnetOf } from './addresses.ts';
import { checkAddress } from './check-addresses.ts';
import { checkEdit } from './check-edit.ts';
import { checkNewNetwork } from './check-new-network.ts';
import type { NetworkProblem } from './problems.ts';
import { proposeIpv4, proposeIpv6, proposeRange } from './proposals.ts';

const options = { seed: 5, numRuns: 200 };
const reasons = (problems: readonly NetworkProblem[]): string[] => problems.map(({ reason }) => reason);

const taken: TakenSubnet[] = [
  { subnet: '192.168.1.0/24', by: 'device', name: 'eth0' },
  { subnet: '10.1.0.0/16', by: 'network', name: 'old' },
  { subnet: 'fd00:1::/64', by: 'network', name: 'old' },
];
const around = { taken, devices: ['eth0', 'br0'], bridges: ['br0'], networkNames: ['old'] };

const wish = (change: object) => newNetwork.parse({ name: 'n', kind: 'nat', ...change });

function check(...given: [string, string][]): string[] {
  const ranges = given.map(([start, end]) => ({ start, end }));
  return reasons(checkAddress('ipv4', { address: '10.0.0.1/8', ranges }, []));
}

describe('an address', () => {
  test.each([
    ['192.168.5.1/24', []],
    ['192.168.5.1', ['no-address']],
    ['192.168.5.1/31', ['prefix-too-long']],
    ['12.0.0.1/7', ['prefix-too-short']],
    ['192.168.5.0/24', ['not-a-host-address']],
    ['192.168.5.255/24', ['not-a-host-address']],
    ['127.0.0.1/24', ['special-address']],
    ['169.254.3.1/24', ['special-address']],
    ['224.0.0.1/24', ['special-address']],
    ['255.1.1.1/24', ['special-address']],
    ['192.168.0.1/16', ['overlaps-host']],
    ['192.168.1.129/25', ['overlaps-host']],
    ['10.1.200.1/24', ['overlaps-network']],
    ['10.0.0.1/8', ['overlaps-network']],
    ['fd00::1/64', ['wrong-family']],
  ])('%s: %j', (address, expected) => {
    expect(reasons(checkAddress('ipv4', { address, ranges: [] }, taken))).toEqual(expected);
  });

  test.each([
    ['fd00:2::1/64', []],
    ['fd00:1::1:1/112', ['overlaps-network']],
    ['fd00:2::1/56', ['prefix-too-short']],
    ['fe80::1/64', ['special-address']],
    ['ff02::1/64', ['special-address']],
    ['::ffff:10.0.0.1/96', ['special-address']],
    ['fd00:2::/64', ['not-a-host-address']],
  ])('%s: %j', (address, expected) => {
    expect(reasons(checkAddress('ipv6', { address, ranges: [] }, taken))).toEqual(expected);
  });

  test.each([
    ['10.5.5.2', '10.5.5.254', []],
    ['10.5.5.2', '10.5.5.255', ['outside-subnet']],
    ['10.5.5.0', '10.5.6.1', ['outside-subnet', 'outside-subnet']],
    ['10.5.5.9', '10.5.5.2', ['range-backwards']],
    ['10.5.5.1', '10.5.5.2', ['range-holds-host']],
    ['10.5.5.2', 'x', ['outside-subnet']],
    ['fd00::1', '10.5.5.3', ['outside-subnet']],
  ])('gives out %s to %s: %j', (start, end, expected) => {
    const ranges = [{ start, end }];
    expect(reasons(checkAddress('ipv4', { address: '10.5.5.1/24', ranges }, []))).toEqual(expected);
  });

  test('ranges neither overlap nor exceed what libvirt takes', () => {
    expect(check(['10.0.0.2', '10.0.0.9'], ['10.0.0.10', '10.0.0.20'])).toEqual([]);
    expect(check(['10.0.0.2', '10.0.0.9'], ['10.0.0.9', '10.0.0.20'])).toEqual(['ranges-overlap']);
    expect(check(['10.1.0.0', '10.1.255.254'])).toEqual([]);
    expect(check(['10.1.0.0', '10.2.0.0'])).toEqual(['range-too-large']);
  });
});

describe('a new network', () => {
  const ipv4 = { address: '10.7.7.1/24', ranges: [] };
  test.each([
    [{ ipv4 }, []],
    [{}, ['address-needed']],
    [{ kind: 'routed' }, ['address-needed']],
    [{ kind: 'isolated' }, []],
    [{ kind: 'isolated', device: 'eth0' }, ['not-for-kind']],
    [{ ipv4, name: 'old' }, ['name-taken']],
    [{ ipv4, device: 'eth9' }, ['no-such-device']],
    [{ ipv4, device: 'eth0' }, []],
    [{ ipv4, bridge: 'br0' }, ['device-taken']],
    [{ kind: 'bridge' }, ['bridge-missing']],
    [{ kind: 'bridge', bridge: 'eth0' }, ['no-such-bridge']],
    [{ kind: 'bridge', bridge: 'br0' }, []],
    [{ kind: 'bridge', bridge: 'br0', ipv4 }, ['not-for-kind']],
  ])('%j: %j', (change, expected) => {
    expect(reasons(checkNewNetwork(wish(change), around))).toEqual(expected);
  });

  test.each(['', 'a b', 'a/b', '-rf', '..', '.x', "a'><x/>", 'a\u0000', 'a\nb', 'x'.repeat(51), '<n/>'])(
    'is not called %j',
    (name) => {
      expect(newNetwork.safeParse({ name, kind: 'isolated' }).success).toBe(false);
    },
  );

  test.each(['sixteen-byte-nam', '', 'a b', 'a/b', '.', '..', 'ä', 'a:b', 'a\u0000'])(
    'has no bridge called %j',
    (bridge) => {
      expect(newNetwork.safeParse({ name: 'n', kind: 'isolated', bridge }).success).toBe(false);
    },
  );

  test('what is proposed fits, whatever is taken', () => {
    const subnets = fc.array(
      fc
        .tuple(fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }), fc.integer({ min: 10, max: 32 }))
        .map(([value, prefix]): TakenSubnet => {
          const subnet = formatSubnet(subnetOf({ family: 'ipv4', value }, prefix));
          return { subnet, by: 'device', name: 'eth0' };
        }),
      { maxLength: 30 },
    );
    const near = fc.array(
      fc.integer({ min: 0, max: 255 }).map(
        (third): TakenSubnet => ({
          subnet: `192.168.${third}.0/24`,
          by: 'network',
          name: 'other',
        }),
      ),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(subnets, near, fc.bigInt({ min: 0n, max: (1n << 40n) - 1n }), (far, close, random) => {
        const all = [...far, ...close];
        const four = proposeIpv4(all);
        const six = proposeIpv6(all, () => random);
        if (four !== null) expect(checkAddress('ipv4', four, all)).toEqual([]);
        expect(six).not.toBeNull();
        if (six !== null) expect(checkAddress('ipv6', six, all)).toEqual([]);
      }),
      options,
    );
  });

  test('a range is proposed around any address', () => {
    const prefix = fc.integer({ min: 8, max: 30 });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n << 24n, max: 100n << 24n }), prefix, (value, length) => {
        const address = `${formatIp({ family: 'ipv4', value })}/${length}`;
        const range = proposeRange(address);
        const problems = checkAddress('ipv4', { address, ranges: range === null ? [] : [range] }, []);
        // The address itself may be none for a host; then nothing is said of the range.
        expect(reasons(problems).filter((reason) => reason !== 'not-a-host-address')).toEqual([]);
      }),
      options,
    );
  });

  test('nothing that overlaps gets through', () => {
    const prefix = fc.integer({ min: 8, max: 30 });
    const value = fc.bigInt({ min: 1n << 24n, max: 126n << 24n });
    fc.assert(
      fc.property(value, prefix, value, prefix, (a, lengthA, b, lengthB) => {
        const other = subnetOf({ family: 'ipv4', value: a }, lengthA);
        const address = `${formatIp({ family: 'ipv4', value: b })}/${lengthB}`;
        const mine = parseInterface(address)?.subnet;
        if (mine === undefined || !overlap(mine, other)) return;
        const inTheWay: TakenSubnet = { subnet: formatSubnet(other), by: 'network', name: 'x' };
        expect(checkAddress('ipv4', { address, ranges: [] }, [inTheWay])).not.toEqual([]);
      }),
      options,
    );
  });
});

describe('an edit', () => {
  const lease = { mac: '52:54:00:00:00:01', duid: null, name: 'web', ip: '10.5.5.7' };
  const stored: NetworkSettings = {
    kind: 'nat',
    forwardMode: 'nat',
    device: null,
    bridge: 'virbr0',
    addresses: [
      { family: 'ipv4', address: '10.5.5.1/24', ranges: [], staticLeases: [lease] },
      { family: 'ipv6', address: 'fd00:5::1/64', ranges: [], staticLeases: [] },
    ],
    domain: null,
    dnsEnabled: true,
    dnsHosts: [{ ip: '10.5.5.8', hostnames: ['files'] }],
  };
  const other = { mac: '52:54:00:00:00:02', duid: null, name: null, ip: '10.5.5.9' };
  const add = (change: Partial<WantedLease>) =>
    reasons(checkEdit({ type: 'add-static-lease', lease: { ...other, ...change } }, stored, around));

  test.each([
    [{}, []],
    [{ ip: '10.5.6.9' }, ['outside-subnet']],
    [{ ip: '10.5.5.255' }, ['outside-subnet']],
    [{ ip: '10.5.5.1' }, ['is-host-address']],
    [{ ip: '10.5.5.7' }, ['address-taken']],
    [{ mac: '52:54:00:00:00:01' }, ['mac-taken']],
    [{ mac: '01:54:00:00:00:01' }, ['mac-multicast']],
    [{ mac: null }, ['lease-without-identity']],
    [{ duid: '00:01' }, ['duid-in-ipv4']],
    [{ name: 'WEB' }, ['name-taken']],
    [{ ip: 'fd00:5::9' }, ['mac-in-ipv6']],
    [{ ip: 'fd00:5::9', mac: null }, ['lease-without-identity']],
    [{ ip: 'fd00:5::9', mac: null, name: 'six' }, []],
    [{ ip: 'nonsense' }, ['outside-subnet']],
  ])('that adds a static lease with %j: %j', (change, expected) => {
    expect(add(change)).toEqual(expected);
  });

  test('may keep what it replaces', () => {
    const same = { type: 'replace-static-lease', old: lease, lease: { ...lease, mac: lease.mac } } as const;
    expect(checkEdit(same, stored, around)).toEqual([]);
    expect(reasons(checkEdit({ ...same, old: { ...lease, ip: '10.5.5.99' } }, stored, around))).toEqual([
      'not-found',
    ]);
  });

  const dns = (ip: string, ...hostnames: string[]) =>
    reasons(checkEdit({ type: 'add-dns-host', host: { ip, hostnames } }, stored, around));

  test('adds no DNS entry twice', () => {
    expect(dns('10.5.5.9', 'mail')).toEqual([]);
    expect(dns('10.5.5.8', 'mail')).toEqual(['hostname-taken']);
    expect(dns('10.5.5.9', 'FILES')).toEqual(['hostname-taken']);
    expect(dns('10.5.5.9', 'a', 'A')).toEqual(['hostname-taken']);
    expect(dns('no', 'mail')).toEqual(['no-address']);
  });

  test('moves a subnet only with its static leases, and takes the last address from no NAT network', () => {
    const move = (address: string) =>
      checkEdit({ type: 'set-address', family: 'ipv4', address: { address, ranges: [] } }, stored, around);
    expect(move('10.5.5.1/25')).toEqual([]);
    expect(move('10.6.6.1/24')).toEqual([
      { path: ['ipv4', 'address'], reason: 'lease-outside-subnet', detail: 'web' },
    ]);
    expect(reasons(move('192.168.1.1/24'))).toEqual(['overlaps-host']);
    const drop = (settings: NetworkSettings) =>
      reasons(checkEdit({ type: 'set-address', family: 'ipv4', address: null }, settings, around));
    expect(drop(stored)).toEqual([]);
    expect(drop({ ...stored, addresses: stored.addresses.slice(0, 1) })).toEqual(['address-needed']);
  });

  test('is for networks of its kind', () => {
    const domain = { type: 'set-domain', domain: null } as const;
    const bridge = { type: 'set-host-bridge', bridge: 'br0' } as const;
    expect(reasons(checkEdit(domain, { ...stored, kind: 'bridge' }, around))).toEqual(['not-for-kind']);
    expect(reasons(checkEdit(domain, { ...stored, kind: 'other' }, around))).toEqual(['not-for-kind']);
    expect(reasons(checkEdit(bridge, stored, around))).toEqual(['not-for-kind']);
    expect(checkEdit(bridge, { ...stored, kind: 'bridge' }, around)).toEqual([]);
  });
});
