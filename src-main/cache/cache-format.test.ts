import { expect, test } from 'vitest';
import { snapshotEvent } from '../test-support/fake-host.ts';
import { decodeCache, encodeCache, type CachedInventory } from './cache-format.ts';

const syncedAt = new Date('2026-05-01T12:04:00.000Z');
const inventory = snapshotEvent(5) as CachedInventory['inventory'];
const text = encodeCache({ inventory, syncedAt });

test('gives back what was written', () => {
  expect(decodeCache(text)).toEqual({ inventory, syncedAt });
});

test.each([
  ['nothing', ''],
  ['half a file', text.slice(0, text.length / 2)],
  ['another version', text.replace('"version":1', '"version":2')],
  ['changes instead of a snapshot', text.replace('"snapshot"', '"changes"')],
  ['a revision that is none', text.replace('"revision":5', '"revision":-5')],
  ['a list', '[]'],
])('takes %s for no cache', (_what, damaged) => {
  expect(decodeCache(damaged)).toBeNull();
});
