import { expect, it } from 'vitest';
import type { DiskFile, DiskSource, DiskWork } from '../../ports/disk-tool.ts';
import { copyInFull } from './disk-copies.ts';

const GIB = 2 ** 30;
/** What is on each, however large it is to its guest. */
const held = new Map([
  ['/a', 3 * GIB],
  ['/b', 1 * GIB],
]);

it('counts what is on the disks, over all of them', async () => {
  const told: (readonly [number, number])[] = [];
  const disks = {
    contentBytes: ({ path }: DiskFile) => Promise.resolve(held.get(path) ?? 0),
    convert: async (_from: DiskSource, _to: DiskFile, { onProgress }: DiskWork = {}) => {
      onProgress?.(0.5);
      onProgress?.(1);
    },
  };
  const copies = ['/a', '/b'].map((path) => ({
    from: { path, format: 'qcow2' as const },
    to: { path: `${path}.copy`, format: 'qcow2' as const },
  }));
  await copyInFull(disks, copies, {
    signal: new AbortController().signal,
    progress: (done, total) => told.push([done / GIB, total / GIB]),
  });
  expect(told).toEqual([
    [1.5, 4],
    [3, 4],
    [3.5, 4],
    [4, 4],
  ]);
});
