import type { HardwareEdit, ImageId } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import { aDrive, aSet } from '../../../test/hardware-records.ts';
import { anImageId } from '../../../test/work-records.ts';
import { type Draft, emptyDraft, orderedEdits, putEdit, putLiveEdit } from './draft.ts';

const stored = aSet();
const mac = '52:54:00:00:00:01';

function draftOf(...edits: readonly HardwareEdit[]): Draft {
  return edits.reduce<Draft>((draft, edit) => putEdit(draft, edit, stored), emptyDraft);
}

function sent(...edits: readonly HardwareEdit[]): readonly HardwareEdit[] {
  return orderedEdits(draftOf(...edits)).map(({ edit }) => edit);
}

describe('a draft', () => {
  it('keeps one change for each thing, the latest', () => {
    expect(
      sent({ type: 'set-vcpus', current: 3, maximum: 4 }, { type: 'set-vcpus', current: 4, maximum: 4 }),
    ).toEqual([{ type: 'set-vcpus', current: 4, maximum: 4 }]);
  });

  it('is empty again when everything is put back', () => {
    expect(
      sent({ type: 'set-vcpus', current: 3, maximum: 4 }, { type: 'set-vcpus', current: 2, maximum: 4 }),
    ).toEqual([]);
  });

  it('sends only the fields that differ', () => {
    expect(
      sent(
        { type: 'update-disk', target: 'vda', cache: 'none' },
        { type: 'update-disk', target: 'vda', bus: 'scsi' },
        { type: 'update-disk', target: 'vda', cache: 'default' },
      ),
    ).toEqual([{ type: 'update-disk', target: 'vda', bus: 'scsi' }]);
  });

  it('keeps what changes live apart from what waits for a restart', () => {
    const ioLimits = { ...(stored.disks[0]?.ioLimits ?? fail()), readBytesPerSecond: 1024 };
    expect(
      sent(
        { type: 'update-disk', target: 'vda', bus: 'scsi' },
        { type: 'update-disk', target: 'vda', ioLimits },
        { type: 'update-interface', mac, model: 'e1000e' },
        { type: 'update-interface', mac, linkUp: false },
      ),
    ).toHaveLength(4);
  });

  it('forgets changes to what is removed', () => {
    expect(
      sent(
        { type: 'grow-disk', target: 'vda', sizeBytes: 2 ** 40 },
        { type: 'update-disk', target: 'vda', cache: 'none' },
        { type: 'remove-disk', target: 'vda', deleteFile: true },
      ),
    ).toEqual([{ type: 'remove-disk', target: 'vda', deleteFile: true }]);
  });

  it('does not grow a disk to what it is', () => {
    expect(sent({ type: 'grow-disk', target: 'vda', sizeBytes: 2 ** 30 })).toEqual([]);
  });

  it('plugs into another network, and back again into none', () => {
    const wish = { type: 'update-interface', mac, network: { type: 'bridge', name: 'br0' } } as const;
    expect(sent(wish)).toEqual([wish]);
    expect(sent(wish, { ...wish, network: { type: 'network', name: 'default' } })).toEqual([]);
    expect(sent(wish, { type: 'update-interface', mac, network: undefined })).toEqual([]);
  });

  it('adds two devices of a kind', () => {
    const disk: HardwareEdit = {
      type: 'add-disk',
      source: { type: 'new', sizeBytes: 2 ** 30 },
      bus: 'virtio',
      cache: 'default',
      discard: 'unmap',
    };
    expect(sent(disk, disk)).toHaveLength(2);
  });

  it('has the running machine follow what is stored already', () => {
    const edit = { type: 'set-memory', ...stored.memory } as const;
    const draft = putLiveEdit(emptyDraft, edit);
    expect([...draft.values()]).toEqual([edit]);
  });
});

describe('media', () => {
  const debian: ImageId = anImageId(1);
  const full = aSet({ disks: [aDrive({ source: '/images/debian.iso', imageId: debian })] });
  const change = (imageId: ImageId | null, set: typeof full) =>
    putEdit(emptyDraft, { type: 'change-media', target: 'sda', imageId }, set).size;

  it('are changed for others only', () => {
    expect(change(debian, full)).toBe(0);
    expect(change(anImageId(2), full)).toBe(1);
  });

  it('are ejected from drives that are not empty', () => {
    expect(change(null, stored)).toBe(0);
    expect(change(null, full)).toBe(1);
    // Not of the library.
    const foreign = aSet({ disks: [aDrive({ source: '/root/x.iso' })] });
    expect(change(null, foreign)).toBe(1);
  });
});

describe('the order of what is sent', () => {
  it('settles the number of vCPUs before a topology is checked against it', () => {
    const topology = { sockets: 1, cores: 8, threads: 1 };
    const edits = sent(
      { type: 'set-cpu', mode: 'host-passthrough', model: null, topology },
      { type: 'set-vcpus', current: 2, maximum: 8 },
    );
    expect(edits.map((edit) => edit.type)).toEqual(['set-vcpus', 'set-cpu']);
  });

  it('ends with the boot order, by the names devices have then and without those that are gone', () => {
    const newMac = '52:54:00:00:00:99';
    const edits = sent(
      { type: 'set-boot-order', devices: [mac, 'vda'] },
      { type: 'update-interface', mac, newMac },
      { type: 'update-interface', mac, linkUp: false },
      { type: 'remove-disk', target: 'vda', deleteFile: false },
    );
    expect(edits.map((edit) => edit.type)).toEqual([
      'update-interface',
      'remove-disk',
      'update-interface',
      'set-boot-order',
    ]);
    expect(edits.at(-2)).toMatchObject({ newMac });
    expect(edits.at(-1)).toEqual({ type: 'set-boot-order', devices: [newMac] });
  });
});

function fail(): never {
  throw new Error('no disk');
}
