import { beforeAll, expect, test } from 'vitest';
import type { Passwords } from '../ports/passwords.ts';
import { createPasswords } from './argon2-passwords.ts';

const parameters = { memoryKiB: 19_456, iterations: 2, parallelism: 1 };
let passwords: Passwords;

beforeAll(async () => {
  passwords = await createPasswords(parameters);
});

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 9; i += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[4] ?? 0;
}

test('hashes with argon2id and verifies', async () => {
  const hash = await passwords.hash('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.verify(hash, 'correct horse')).toBe(true);
  expect(await passwords.verify(hash, 'correct house')).toBe(false);
  expect(passwords.isOutdated(hash)).toBe(false);
});

test('the same characters typed another way are the same password', async () => {
  expect(await passwords.verify(await passwords.hash('caf\u00e9 \u{1F511}'), 'cafe\u0301 \u{1F511}')).toBe(
    true,
  );
});

test('a hash of other parameters is outdated and still verifies', async () => {
  const old = await (await createPasswords({ ...parameters, iterations: 3 })).hash('correct horse');
  expect(passwords.isOutdated(old)).toBe(true);
  expect(await passwords.verify(old, 'correct horse')).toBe(true);
});

test('an unknown account costs what a wrong password costs', async () => {
  const hash = await passwords.hash('correct horse');
  const wrong = await medianMs(() => passwords.verify(hash, 'wrong'));
  const unknown = await medianMs(() => passwords.verify(null, 'wrong'));
  // Same work; a short-cut for unknown names would be a hundredth of it.
  expect(unknown).toBeGreaterThan(wrong / 3);
  expect(unknown).toBeLessThan(wrong * 3);
  expect(await passwords.verify(null, 'wrong')).toBe(false);
});
