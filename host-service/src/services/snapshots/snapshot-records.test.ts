import { describe, expect, test } from 'vitest';
import type { SnapshotReading, SnapshotSetup, SnapshotsReading } from '../../ports/machine-snapshots.ts';
import type { DiskFiles } from './disk-files.ts';
import { deleteRefusal, revertRefusal, unneededFiles } from './snapshot-records.ts';

const setup: SnapshotSetup = {
  state: 'running',
  persistent: true,
  libvirtVersion: 9_000_000,
  disks: [{ target: 'vda', path: '/c', format: 'qcow2', shared: false, busy: false }],
  memoryBytes: 0,
  uefiVariables: false,
  hostDevices: [],
  sharedFolders: [],
  agent: false,
};

function external(name: string, parent: string | null, path: string, overlay: string): SnapshotReading {
  return {
    name,
    description: '',
    createdAt: new Date(0),
    parent,
    current: false,
    kind: 'external',
    state: 'disk-only',
    memory: false,
    memoryFile: null,
    disks: [{ target: 'vda', path, format: 'qcow2', kind: 'external', overlay }],
  };
}

/** `/a` ← `/b` ← `/c`, where the machine is; and `/x` on `/a`, a branch it went back from. */
const first = external('first', null, '/a', '/b');
const second = external('second', 'first', '/b', '/c');
const left = external('left', 'first', '/x', '/y');
const files: DiskFiles = {
  present: new Set(['/c', '/b', '/a']),
  below: new Map([
    ['/c', '/b'],
    ['/b', '/a'],
    ['/x', '/a'],
  ]),
  missing: new Set(['/y']),
};

function reading(...snapshots: SnapshotReading[]): SnapshotsReading {
  return { setup, snapshots };
}

describe('deleting', () => {
  test('merges what the machine rests on', () => {
    expect(deleteRefusal(first, reading(first, second), files)).toBeNull();
    expect(deleteRefusal(second, reading(first, second), files)).toBeNull();
  });

  test('waits for branches that rest on the same disk', () => {
    expect(deleteRefusal(first, reading(first, second, left), files)).toEqual({
      reason: 'branches',
      names: ['left'],
    });
  });

  test('takes a branch that was left from its end', () => {
    const later = external('later', 'left', '/z', '/zz');
    expect(deleteRefusal(left, reading(first, second, left), files)).toBeNull();
    expect(deleteRefusal(left, reading(first, second, left, later), files)).toEqual({
      reason: 'branches',
      names: ['later'],
    });
  });

  test('is refused where libvirt cannot merge, or somebody mixed the kinds', () => {
    const old = { setup: { ...setup, libvirtVersion: 8_010_000 }, snapshots: [first] };
    expect(deleteRefusal(first, old, files)?.reason).toBe('too-old');
    const mixed = { ...first, kind: null };
    expect(deleteRefusal(mixed, reading(mixed), files)?.reason).toBe('unsupported');
    expect(revertRefusal(mixed, files)?.reason).toBe('unsupported');
  });
});

describe('reverting', () => {
  test('needs the files it kept, not those the machine went on in', () => {
    expect(revertRefusal(left, files)).toBeNull();
    expect(revertRefusal(left, { ...files, missing: new Set(['/x']) })).toEqual({
      reason: 'files-missing',
      names: ['/x'],
    });
    const withMemory = { ...left, memory: true, memoryFile: '/memory' };
    expect(revertRefusal(withMemory, { ...files, missing: new Set(['/memory']) })?.names).toEqual([
      '/memory',
    ]);
  });
});

test('files go when neither the machine nor a snapshot needs them', () => {
  const candidates = ['/a', '/b', '/c', '/x', '/y', '/memory'];
  expect(unneededFiles(reading(first, second, left), files, candidates)).toEqual(['/y', '/memory']);
  expect(unneededFiles(reading(first, second), files, candidates)).toEqual(['/x', '/y', '/memory']);
});
