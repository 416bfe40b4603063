import type { HardwareEdit } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import { aCard, aDisk, aDrive, aSet, someHardware } from '../../../test/hardware-records.ts';
import { timingOf } from './liveness.ts';

const GIB = 2 ** 30;
const mac = '52:54:00:00:00:01';
const running = someHardware({ live: { disks: [aDisk(), aDisk({ target: 'sdb', bus: 'sata' }), aDrive()] } });

function reason(edit: HardwareEdit, hardware = running): string {
  const timing = timingOf(edit, hardware);
  return timing.when === 'now' ? 'now' : timing.reason;
}

const added = {
  type: 'add-disk',
  source: { type: 'new', sizeBytes: GIB },
  cache: 'default',
  discard: 'unmap',
} as const;

describe('a change of a running machine', () => {
  it.each<[HardwareEdit, string]>([
    [{ type: 'set-vcpus', current: 4, maximum: 4 }, 'now'],
    [{ type: 'set-vcpus', current: 4, maximum: 8 }, 'maximum'],
    [{ type: 'set-cpu', mode: 'maximum', model: null, topology: null }, 'fixed'],
    [{ type: 'set-memory', currentBytes: GIB, maximumBytes: GIB }, 'now'],
    [{ type: 'set-memory', currentBytes: GIB, maximumBytes: 2 * GIB }, 'maximum'],
    [{ ...added, bus: 'virtio' }, 'now'],
    [{ ...added, bus: 'scsi' }, 'now'],
    [{ ...added, bus: 'sata' }, 'bus'],
    [{ type: 'add-drive', bus: 'ide', imageId: null }, 'bus'],
    [{ type: 'update-disk', target: 'vda', cache: 'none' }, 'fixed'],
    [{ type: 'update-disk', target: 'vda', ioLimits: aDisk().ioLimits }, 'now'],
    [{ type: 'grow-disk', target: 'vda', sizeBytes: 2 * GIB }, 'now'],
    [{ type: 'grow-disk', target: 'vdz', sizeBytes: 2 * GIB }, 'not-running'],
    [{ type: 'remove-disk', target: 'vda', deleteFile: false }, 'now'],
    [{ type: 'remove-disk', target: 'sdb', deleteFile: false }, 'bus'],
    [{ type: 'change-media', target: 'sda', imageId: null }, 'now'],
    [{ type: 'add-interface', network: { type: 'user' }, model: 'virtio' }, 'now'],
    [{ type: 'update-interface', mac, linkUp: false }, 'now'],
    [{ type: 'update-interface', mac, model: 'e1000' }, 'fixed'],
    [{ type: 'update-interface', mac, network: { type: 'bridge', name: 'br0' } }, 'now'],
    [{ type: 'update-interface', mac, network: { type: 'user' } }, 'fixed'],
    [{ type: 'update-interface', mac: '52:54:00:00:00:99', linkUp: false }, 'not-running'],
    [{ type: 'remove-interface', mac }, 'now'],
    [{ type: 'set-boot-order', devices: ['vda'] }, 'fixed'],
  ])('%j: %s', (edit, expected) => {
    expect(reason(edit)).toBe(expected);
  });

  it('gives no memory without a balloon', () => {
    const { memory } = aSet();
    const hardware = someHardware({ live: { memory: { ...memory, balloon: false } } });
    expect(reason({ type: 'set-memory', currentBytes: GIB, maximumBytes: GIB }, hardware)).toBe('no-balloon');
  });

  it('cannot take a card from QEMU’s own network to another', () => {
    const hardware = someHardware({ live: { interfaces: [aCard({ type: 'user', source: null })] } });
    const edit: HardwareEdit = { type: 'update-interface', mac, network: { type: 'bridge', name: 'br0' } };
    expect(reason(edit, hardware)).toBe('fixed');
  });
});

it('every change of a machine that is off waits for its start', () => {
  const off = someHardware({ live: null });
  expect(reason({ type: 'set-vcpus', current: 1, maximum: 4 }, off)).toBe('off');
  expect(reason({ type: 'change-media', target: 'sda', imageId: null }, off)).toBe('off');
});
