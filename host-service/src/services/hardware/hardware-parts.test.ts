import { type HardwareSet, LimenError, machineId } from '@limen/contract';
import { describe, expect, it, test } from 'vitest';
import { deferred } from '../../../../tests/fixtures/deferred.ts';
import { plainHardware } from '../../../../tests/fixtures/hardware-set.ts';
import type { HardwareReading } from '../../ports/machine-hardware.ts';
import { changedParts } from './changed-parts.ts';
import { MachineLocks } from './machine-locks.ts';
import { refusedEdit } from './refused-edit.ts';
import { SeenDefinitions } from './seen-definitions.ts';

const id = machineId.parse('2b1f6d0e-5f5b-4f6e-9a86-0d4a8f0e7a11');
const other = machineId.parse('2b1f6d0e-5f5b-4f6e-9a86-0d4a8f0e7a12');

function setOf(change: Partial<HardwareSet> = {}): HardwareSet {
  return { ...plainHardware, ...change };
}

function diskOf(
  target: string,
  change: Partial<HardwareSet['disks'][number]> = {},
): HardwareSet['disks'][number] {
  return {
    target,
    device: 'disk',
    bus: 'virtio',
    source: `/d/${target}`,
    imageId: null,
    format: 'qcow2',
    capacityBytes: 1,
    allocatedBytes: 1,
    cache: 'default',
    discard: 'default',
    readonly: false,
    serial: null,
    ioLimits: {
      readBytesPerSecond: 0,
      writeBytesPerSecond: 0,
      readOperationsPerSecond: 0,
      writeOperationsPerSecond: 0,
    },
    bootOrder: null,
    ...change,
  };
}

function reading(revision: string): HardwareReading {
  return { revision, stored: revision, live: null, storedSet: setOf(), liveSet: null, persistent: true };
}

describe('what changed', () => {
  it('is named as people name it', () => {
    const nic = {
      mac: '52:54:00:00:00:01',
      type: 'user',
      source: null,
      model: 'virtio',
      linkUp: true,
      bandwidth: { inboundBytesPerSecond: null, outboundBytesPerSecond: null },
      bootOrder: null,
    };
    const before = setOf({ disks: [diskOf('vda'), diskOf('vdb'), diskOf('vdc')] });
    const after = setOf({
      vcpus: { current: 2, maximum: 2 },
      disks: [diskOf('vda', { cache: 'none' }), diskOf('vdb', { allocatedBytes: 9, capacityBytes: null })],
      interfaces: [nic],
      others: [{ kind: 'tpm', summary: 'tpm-crb' }],
    });
    expect(changedParts(before, after)).toEqual(['vcpus', 'vda', 'vdc', nic.mac, 'devices']);
    expect(changedParts(before, before)).toEqual([]);
  });
});

describe('definitions that were seen', () => {
  it('are news once, and known for a while', () => {
    const seen = new SeenDefinitions();
    expect(seen.add(id, reading('a'))).toBeUndefined();
    expect(seen.add(id, reading('a'))).toBeUndefined();
    expect(seen.add(id, reading('b'))).toMatchObject({ revision: 'a' });
    expect(seen.add(id, reading('a'))).toMatchObject({ revision: 'b' });
    for (const revision of ['c', 'd', 'e', 'f']) seen.add(id, reading(revision));
    expect(seen.find(id, 'a')).toBeUndefined();
    expect(seen.find(id, 'c')).toMatchObject({ revision: 'c' });
    expect(seen.find(other, 'c')).toBeUndefined();
  });

  it('of many machines are those looked at last', () => {
    const seen = new SeenDefinitions();
    const ids = Array.from({ length: 300 }, (_, at) =>
      machineId.parse(`2b1f6d0e-5f5b-4f6e-9a86-${at.toString().padStart(12, '0')}`),
    );
    for (const each of ids) seen.add(each, reading('a'));
    expect(ids.filter((each) => seen.find(each, 'a') !== undefined)).toEqual(ids.slice(-256));
  });
});

test('work on one machine waits for its turn, also after a failure; on others it does not', async () => {
  const locks = new MachineLocks();
  const order: string[] = [];
  const gate = deferred();
  const first = locks.run(id, async () => {
    await gate.promise;
    order.push('first');
    throw new Error('failed');
  });
  const second = locks.run(id, async () => order.push('second'));
  await locks.run(other, async () => order.push('other'));
  const { turns } = locks;
  expect([locks.isBusy(id), locks.isBusy(other)]).toEqual([true, false]);
  gate.resolve();
  await expect(first).rejects.toThrow('failed');
  await second;
  expect(order).toEqual(['other', 'first', 'second']);
  expect([locks.isBusy(id), locks.turns]).toEqual([false, turns + 2]);
});

describe('a refusal', () => {
  it.each([
    [new LimenError('INVALID_INPUT', { issues: [{ path: ['mac'], message: 'taken' }] }), 'mac: taken'],
    [new LimenError('NOT_FOUND', { kind: 'disk', id: 'vdz' }), 'no disk vdz'],
    [new LimenError('CONFLICT', { reason: 'in-use', names: ['web'] }), 'in-use web'],
    [
      new LimenError(
        'HYPERVISOR_ERROR',
        { libvirtCode: 1, libvirtDomain: 10, detail: 'x' },
        { message: 'whole' },
      ),
      'whole',
    ],
    [
      new LimenError('QUOTA_EXCEEDED', { scope: 'user', resource: 'vcpus', requested: 2, limit: 4, used: 3 }),
      'user vcpus: 2 more, with 3 of 4 used',
    ],
  ])('says why: %s', (error, detail) => {
    expect(refusedEdit(error)).toEqual({ outcome: 'refused', code: error.code, detail });
  });

  it('is not what leaves the outcome open', () => {
    const away = new LimenError('HYPERVISOR_UNAVAILABLE', { detail: 'gone' });
    expect(() => refusedEdit(away)).toThrow(away);
    expect(() => refusedEdit(new TypeError('bug'))).toThrow('bug');
  });
});
