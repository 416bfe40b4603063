import { expect, test } from 'vitest';
import type { FileToken } from '@limen/contract';
import { FileTokens } from './file-tokens.ts';

const file = { path: '/home/ann/debian.iso', bytes: 7, modifiedMs: 1 };

test('a token shows no path and is good for one upload', () => {
  const tokens = new FileTokens();
  const chosen = tokens.issue(file);
  expect(chosen).toEqual({ token: chosen.token, fileName: 'debian.iso', bytes: 7 });
  expect(tokens.redeem(chosen.token)).toBe(file);
  expect(() => tokens.redeem(chosen.token)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test('nobody makes up a token', () => {
  const made = '00000000-0000-4000-8000-000000000001' as FileToken;
  expect(() => new FileTokens().redeem(made)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test('forgets the oldest of very many', () => {
  const tokens = new FileTokens();
  const [first, second] = Array.from({ length: 257 }, () => tokens.issue(file).token);
  expect(() => tokens.redeem(first as FileToken)).toThrow();
  expect(tokens.redeem(second as FileToken)).toBe(file);
});
