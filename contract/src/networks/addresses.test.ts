import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatIp,
  formatSubnet,
  type IpAddress,
  isInside,
  isSameIp,
  overlap,
  parseInterface,
  parseIp,
  subnetOf,
} from './addresses.ts';

const options = { seed: 5, numRuns: 300 };
const bits = (count: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(count)) - 1n });
const address: fc.Arbitrary<IpAddress> = fc.oneof(
  bits(32).map((value) => ({ family: 'ipv4' as const, value })),
  bits(128).map((value) => ({ family: 'ipv6' as const, value })),
);
const subnet = fc
  .tuple(address, fc.nat())
  .map(([ip, number]) => subnetOf(ip, number % (ip.family === 'ipv4' ? 33 : 129)));

test('every address is read as it was written', () => {
  fc.assert(
    fc.property(address, (ip) => {
      expect(parseIp(formatIp(ip))).toEqual(ip);
    }),
    options,
  );
});

test('every subnet is read as it was written, and holds its ends and nothing beside them', () => {
  fc.assert(
    fc.property(subnet, (net) => {
      expect(parseInterface(formatSubnet(net))?.subnet).toEqual(net);
      const { family, first, last } = net;
      expect([first, last].every((value) => isInside(net, { family, value }))).toBe(true);
      expect([first - 1n, last + 1n].some((value) => isInside(net, { family, value }))).toBe(false);
    }),
    options,
  );
});

test('subnets overlap exactly when one holds the other', () => {
  fc.assert(
    fc.property(subnet, subnet, (a, b) => {
      const held =
        isInside(a, { family: b.family, value: b.first }) ||
        isInside(b, { family: a.family, value: a.first });
      expect(overlap(a, b)).toBe(held);
      expect(overlap(b, a)).toBe(held);
    }),
    options,
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:./%]{0,40}$/)), (text) => {
      const read = parseIp(text);
      if (read !== null) expect(isSameIp(formatIp(read), text)).toBe(true);
      parseInterface(text);
    }),
    options,
  );
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '010.1.1.1',
  '1.2.3.4/24',
  'fe80::1%eth0',
  '::g',
  '1::2::3',
  ' ::1',
])('"%s" is no address', (text) => {
  expect(parseIp(text)).toBeNull();
});

test.each([
  '10.0.0.1',
  '10.0.0.1/',
  '10.0.0.1/33',
  '10.0.0.1/-1',
  '10.0.0.1/2 4',
  '10.0.0.1/24/24',
  '::1/129',
])('"%s" is no address with a prefix', (text) => {
  expect(parseInterface(text)).toBeNull();
});

test('the same address is the same however it is written', () => {
  expect(isSameIp('FD00:0:0::1', 'fd00::1')).toBe(true);
  expect(isSameIp('10.0.0.1', '10.0.0.2')).toBe(false);
  expect(isSameIp('::ffff:10.0.0.1', '10.0.0.1')).toBe(false);
});
