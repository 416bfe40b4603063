import { describe, expect, it } from 'vitest';
import {
  certificateFingerprint,
  formatAddress,
  formatPairingLink,
  parseAddress,
  parsePairingLink,
} from './pairing.ts';

const fingerprint = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase()).join(
  ':',
);
const pairing = {
  address: '[fd00::1]:9443',
  fingerprint,
  code: 'a+b/c=&d?e#f 0123456',
};

describe('pairing links', () => {
  it('round-trips every field, reserved characters included', () => {
    expect(parsePairingLink(` ${formatPairingLink(pairing)}\n`)).toEqual(pairing);
  });

  it.each([
    '',
    'https://pair?address=a',
    'limen://pair?',
    formatPairingLink(pairing).replace(/fingerprint=[^&]*/, 'fingerprint=00:11'),
    formatPairingLink(pairing).replace(/address=[^&]*/, 'address=a%20b'),
    formatPairingLink(pairing).replace(/code=[^&]*/, 'code=%E0%A4%A'),
  ])('refuses %j', (text) => {
    expect(parsePairingLink(text)).toBeNull();
  });
});

describe('addresses', () => {
  it.each([
    ['alpha', { host: 'alpha', port: 8443 }],
    [' alpha.lan:1 ', { host: 'alpha.lan', port: 1 }],
    ['10.0.0.5:8443', { host: '10.0.0.5', port: 8443 }],
    ['[::1]', { host: '::1', port: 8443 }],
    ['[fd00::1]:9', { host: 'fd00::1', port: 9 }],
  ])('reads %j', (text, expected) => {
    const address = parseAddress(text);
    expect(address).toEqual(expected);
    expect(address && parseAddress(formatAddress(address))).toEqual(expected);
  });

  it.each(['', 'a b', 'alpha:0', 'alpha:65536', 'alpha:x', 'user@alpha', 'https://alpha', 'fd00::1', 'a/b'])(
    'refuses %j',
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );
});

it('normalises fingerprints to upper case', () => {
  expect(certificateFingerprint.parse(` ${fingerprint.toLowerCase()} `)).toBe(fingerprint);
});
