import type { Snapshot } from '@limen/contract';
import { expect, test } from 'vitest';
import { descendantsOf, NOW, suggestName, treeRows } from './tree.ts';

function snapshot(name: string, parent: string | null = null, current = false): Snapshot {
  return {
    name,
    description: '',
    createdAt: '2026-01-01T00:00:00.000Z',
    parent,
    current,
    kind: 'internal',
    state: 'running',
    memory: true,
    sizeBytes: null,
    hasPicture: false,
    revertRefusal: null,
    deleteRefusal: null,
  };
}

const drawn = (all: Snapshot[]): string[] => treeRows(all).map(({ id, lane }) => `${'>'.repeat(lane)}${id}`);

test('a chain is a list, with the present at its end', () => {
  expect(drawn([snapshot('a'), snapshot('b', 'a'), snapshot('c', 'b', true)])).toEqual(['a', 'b', 'c', NOW]);
});

test('after a revert the line to the present stays straight, and what came later branches off', () => {
  expect(drawn([snapshot('a', null, true), snapshot('b', 'a'), snapshot('c', 'b')])).toEqual([
    'a',
    '>b',
    '>c',
    NOW,
  ]);
});

test('branches of branches go further in', () => {
  const all = [
    snapshot('a'),
    snapshot('b', 'a'),
    snapshot('c', 'b'),
    snapshot('d', 'b'),
    snapshot('e', 'a', true),
  ];
  expect(drawn(all)).toEqual(['a', '>b', '>>c', '>d', 'e', NOW]);
});

test('without a current one the present stands by itself, and lost parents are none', () => {
  expect(drawn([snapshot('a'), snapshot('b', 'gone')])).toEqual(['>a', '>b', NOW]);
  expect(drawn([])).toEqual([NOW]);
});

test('descendants are found at every depth', () => {
  const all = [snapshot('a'), snapshot('b', 'a'), snapshot('c', 'b'), snapshot('d')];
  expect(descendantsOf(snapshot('a'), all).map(({ name }) => name)).toEqual(['b', 'c']);
});

test('a suggested name is free', () => {
  expect(suggestName((number) => `s${number}`, [snapshot('s2')])).toBe('s3');
  expect(suggestName((number) => `s${number}`, [])).toBe('s1');
});
