import type { SnapshotOption, SnapshotRefusal } from '@limen/contract';
import { expect, test } from 'vitest';
import { wayTo, whyNone } from './ways.ts';

function refusals(...reasons: SnapshotRefusal['reason'][]): SnapshotRefusal[] {
  return reasons.map((reason) => ({ reason, names: [] }));
}

const inside: SnapshotOption = { kind: 'internal', memory: true, refusals: refusals('raw-disk') };
const withMemory: SnapshotOption = { kind: 'external', memory: true, refusals: [] };
const disksOnly: SnapshotOption = { kind: 'external', memory: false, refusals: refusals('other-kind') };

test('the first possible way is the one the host takes', () => {
  expect(wayTo([inside, withMemory, disksOnly], true)).toEqual({ kind: 'external', refusals: [] });
  expect(wayTo([inside, withMemory, disksOnly], false)).toEqual({
    kind: null,
    refusals: refusals('other-kind'),
  });
});

test('of impossible ways the one with the least in its way is explained', () => {
  const far = { ...withMemory, refusals: refusals('host-device', 'no-space') };
  expect(wayTo([far, inside], true).refusals).toEqual(refusals('raw-disk'));
  expect(wayTo([], true)).toEqual({ kind: null, refusals: [] });
});

test('nothing stands in the way of a machine as long as one way is left', () => {
  expect(whyNone([inside, withMemory, disksOnly])).toEqual([]);
  expect(whyNone([inside, disksOnly])).toEqual(refusals('raw-disk'));
});
