import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSealing } from './sealing.ts';

const sealing = createSealing(randomBytes(32));

test('what is sealed opens again, and says nothing', () => {
  const sealed = sealing.seal('password: hunter2 ü');
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('hunter2');
  expect(sealed).not.toBe(sealing.seal('password: hunter2 ü'));
  expect(sealing.open(sealed)).toBe('password: hunter2 ü');
});

test('what was changed, cut off or sealed elsewhere does not open', () => {
  const sealed = Buffer.from(sealing.seal('secret'), 'base64url');
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  expect(() => sealing.open(sealed.toString('base64url'))).toThrow();
  expect(() => sealing.open('abcd')).toThrow();
  expect(() => createSealing(randomBytes(32)).open(sealing.seal('secret'))).toThrow();
});
