import { describe, expect, test } from 'vitest';
import type { SnapshotReading, SnapshotSetup } from '../../ports/machine-snapshots.ts';
import { snapshotOptions } from './refusals.ts';

const disk: SnapshotSetup['disks'][number] = {
  target: 'vda',
  path: '/disks/one.qcow2',
  format: 'qcow2',
  shared: false,
  busy: false,
};

const plenty = { internal: null, external: 2 ** 40 };

const running: SnapshotSetup = {
  state: 'running',
  persistent: true,
  libvirtVersion: 9_000_000,
  disks: [disk],
  memoryBytes: 2 ** 30,
  uefiVariables: false,
  hostDevices: [],
  sharedFolders: [],
  agent: true,
};

function snapshot(name: string, kind: SnapshotReading['kind']): SnapshotReading {
  return {
    name,
    description: '',
    createdAt: new Date(0),
    parent: null,
    current: true,
    kind,
    state: 'off',
    memory: false,
    memoryFile: null,
    disks: [],
  };
}

/** The first way that nothing speaks against, in words; and why each other one is refused. */
function chosen(
  setup: SnapshotSetup,
  existing: SnapshotReading[] = [],
  memory?: boolean,
): string | undefined {
  const way = snapshotOptions(setup, existing, plenty).find(
    (each) => each.refusals.length === 0 && (memory === undefined || each.memory === memory),
  );
  return way && `${way.kind}${way.memory ? ' with memory' : ''}`;
}

function reasons(setup: SnapshotSetup, existing: SnapshotReading[] = []): string[][] {
  return snapshotOptions(setup, existing, plenty).map(({ refusals }) => refusals.map(({ reason }) => reason));
}

describe('the kind', () => {
  test('is internal where that is possible', () => {
    expect(chosen(running)).toBe('internal with memory');
    expect(chosen({ ...running, state: 'paused' })).toBe('internal with memory');
    expect(chosen({ ...running, state: 'off' })).toBe('internal');
  });

  test('is external without memory while it runs: internal ones always have it', () => {
    expect(chosen(running, [], false)).toBe('external');
  });

  test('is external for raw disks and for UEFI', () => {
    const raw = { ...running, disks: [disk, { ...disk, target: 'vdb', format: 'raw' }] };
    expect(chosen(raw)).toBe('external with memory');
    expect(snapshotOptions(raw, [], plenty)[0]?.refusals).toEqual([{ reason: 'raw-disk', names: ['vdb'] }]);
    expect(chosen({ ...running, uefiVariables: true })).toBe('external with memory');
    expect(chosen({ ...running, uefiVariables: true, state: 'off' })).toBe('external');
  });

  test('a disk without a format is raw', () => {
    expect(reasons({ ...running, disks: [{ ...disk, format: null }] })[0]).toEqual(['raw-disk']);
  });

  test('leaves the memory out where devices have a state that cannot be kept', () => {
    for (const change of [{ hostDevices: ['hostdev0'] }, { sharedFolders: ['share'] }]) {
      expect(chosen({ ...running, ...change })).toBe('external');
      expect(chosen({ ...running, ...change, state: 'off' })).toBe('internal');
    }
  });

  test('goes where there is room for the memory', () => {
    const ways = snapshotOptions(running, [], { internal: 2 ** 29, external: 2 ** 31 });
    expect(ways.map(({ refusals }) => refusals.map(({ reason }) => reason))).toEqual([['no-space'], [], []]);
    const none = snapshotOptions(running, [], { internal: 2 ** 29, external: 2 ** 29 });
    expect(none.find(({ refusals }) => refusals.length === 0)).toMatchObject({ memory: false });
  });

  test('stays what the machine has already', () => {
    expect(chosen(running, [snapshot('a', 'internal')])).toBe('internal with memory');
    expect(chosen(running, [snapshot('a', 'external')])).toBe('external with memory');
    expect(chosen(running, [snapshot('a', 'internal'), snapshot('b', 'external')])).toBeUndefined();
    expect(chosen(running, [snapshot('a', null)])).toBeUndefined();
  });
});

test.each([
  ['transient', { persistent: false }],
  ['no-disks', { disks: [] }],
  ['remote-disk', { disks: [{ ...disk, path: null }] }],
  ['shared-disk', { disks: [{ ...disk, shared: true }] }],
  ['busy', { disks: [{ ...disk, busy: true }] }],
  ['wrong-state', { state: 'crashed' }],
  ['wrong-state', { state: 'shutting-down' }],
  ['wrong-state', { state: 'suspended' }],
  ['saved', { state: 'saved' }],
] as const)('nothing is possible: %s', (reason, change) => {
  const ways = reasons({ ...running, ...change });
  expect(ways).toHaveLength(3);
  for (const way of ways) expect(way).toContain(reason);
});
