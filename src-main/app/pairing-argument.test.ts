import { expect, test } from 'vitest';
import { pairingLinkIn } from './pairing-argument.ts';

test('finds the link among the arguments of a start', () => {
  const link = 'limen://pair?address=a&fingerprint=b&code=c';
  expect(pairingLinkIn(['/usr/bin/limen', '--no-sandbox', link])).toBe(link);
  expect(pairingLinkIn(['/usr/bin/limen', 'limen://other', `x${link}`])).toBeNull();
});
