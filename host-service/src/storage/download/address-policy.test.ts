import { describe, expect, test } from 'vitest';
import { AddressPolicy } from './address-policy.ts';

describe('without exceptions', () => {
  const policy = new AddressPolicy([]);

  test.each(['8.8.8.8', '193.0.0.1', '2606:4700::1111', '2a00:1450:4001::1'])('%s is public', (address) => {
    expect(policy.permits(address)).toBe(true);
  });

  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.0.1'],
    ['loopback', '::1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['link-local, where clouds keep their secrets', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['site-local', 'fec0::1'],
    ['unique local', 'fd00::1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['documentation', '192.0.2.1'],
    ['documentation', '2001:db8::1'],
    ['reserved', '240.0.0.1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped in hex', '::ffff:a00:1'],
    ['IPv4-compatible', '::7f00:1'],
    ['IPv4-translated', '::ffff:0:7f00:1'],
    ['6to4 of a private one', '2002:a00:1::1'],
    ['Teredo', '2001::1'],
    ['NAT64 of a private one', '64:ff9b::a00:1'],
    ['NAT64 of a site', '64:ff9b:1::808:808'],
    ['never assigned', '4000::1'],
    ['no address', 'localhost'],
    ['no address', ''],
  ])('refused as %s: %s', (_why, address) => {
    expect(policy.permits(address)).toBe(false);
  });

  test('NAT64 is judged by the address behind it', () => {
    expect(policy.permits('64:ff9b::808:808')).toBe(true);
  });
});

describe('with exceptions', () => {
  const policy = new AddressPolicy(['10.0.0.0/8', '127.0.0.2/32', 'fd12::/16']);

  test.each(['10.200.0.1', '127.0.0.2', '::ffff:10.0.0.1', '64:ff9b::a00:1', 'fd12::5', '8.8.8.8'])(
    '%s is permitted',
    (address) => {
      expect(policy.permits(address)).toBe(true);
    },
  );

  test.each(['11.0.0.0.1', '127.0.0.1', '192.168.0.1', 'fd13::5', '::1', '::a00:1'])(
    '%s is not',
    (address) => {
      expect(policy.permits(address)).toBe(false);
    },
  );
});
