import { describe, expect, it } from 'vitest';
import { aCard, aDisk, aDrive, aSet, someHardware } from '../../../test/hardware-records.ts';
import { listDevices } from './devices.ts';
import { differences, pendingDifferences } from './differences.ts';
import { effectOf } from './preview.ts';
import { editsTowards } from './towards.ts';

function named(found: ReturnType<typeof differences>): readonly string[] {
  return found.map(({ deviceId, field }) => `${deviceId} ${field}`);
}

describe('differences', () => {
  it('are told device by device and field by field', () => {
    const after = aSet({
      vcpus: { current: 2, maximum: 8 },
      disks: [aDisk({ cache: 'none', bootOrder: 2 }), aDrive({ source: '/images/x.iso' })],
      interfaces: [aCard({ linkUp: false, bootOrder: 1 })],
    });
    expect(named(differences(aSet(), after))).toEqual([
      'cpu maximumVcpus',
      'boot order',
      'disk/vda cache',
      'disk/sda medium',
      'interface/52:54:00:00:00:01 link',
    ]);
  });

  it('name devices that came and went', () => {
    const after = aSet({ disks: [aDrive(), aDisk({ target: 'vdb', bootOrder: null })], interfaces: [] });
    expect(named(differences(aSet(), after))).toEqual([
      'boot order',
      'disk/vda present',
      'disk/vdb present',
      'interface/52:54:00:00:00:01 present',
    ]);
  });

  it('leave out how much room a disk takes, which changes by itself', () => {
    expect(differences(aSet(), aSet({ disks: [aDisk({ allocatedBytes: 1 }), aDrive()] }))).toEqual([]);
  });

  it('do not call a CPU that was left to the host a pending change', () => {
    const stored = aSet({ cpu: { mode: 'host-model', model: null, topology: null } });
    const live = aSet({ cpu: { mode: 'custom', model: 'Skylake-Server', topology: null } });
    expect(pendingDifferences(live, stored)).toEqual([]);
    expect(named(pendingDifferences(aSet(), aSet({ vcpus: { current: 4, maximum: 4 } })))).toEqual([
      'cpu vcpus',
    ]);
  });
});

describe('what a change does', () => {
  it('is told against the stored definition', () => {
    const edit = { type: 'set-vcpus', current: 4, maximum: 4 } as const;
    expect(named(effectOf(edit, someHardware()))).toEqual(['cpu vcpus']);
  });

  it('is told against what runs where it is stored already', () => {
    const hardware = someHardware({
      stored: { vcpus: { current: 4, maximum: 4 } },
      live: { vcpus: { current: 1, maximum: 4 } },
    });
    const [effect] = effectOf({ type: 'set-vcpus', current: 4, maximum: 4 }, hardware);
    expect(effect).toMatchObject({ before: { value: 1 }, after: { value: 4 } });
  });

  it('of a boot order counts from its first device', () => {
    const [effect] = effectOf({ type: 'set-boot-order', devices: ['sda'] }, someHardware());
    expect(effect).toMatchObject({
      before: { value: ['vda', '52:54:00:00:00:01'] },
      after: { value: ['sda'] },
    });
  });
});

it('a device is evened out by the changes that lead to the other definition', () => {
  const hardware = someHardware({
    live: { vcpus: { current: 1, maximum: 4 }, interfaces: [aCard({ linkUp: false })] },
  });
  const { stored, live } = hardware;
  const devices = listDevices(hardware, new Map());
  const of = (id: string) => {
    const device = devices.find((candidate) => candidate.id === id);
    return device && live ? editsTowards(live, stored, device) : [];
  };
  expect(of('cpu')).toEqual([{ type: 'set-vcpus', current: 2, maximum: 4 }]);
  expect(of('interface/52:54:00:00:00:01')).toEqual([
    { type: 'update-interface', mac: '52:54:00:00:00:01', linkUp: true },
  ]);
  expect(of('memory')).toEqual([]);
});

it('devices are those of both definitions, and those wished for', () => {
  const hardware = someHardware({ live: { disks: [aDisk(), aDisk({ target: 'vdb' })] } });
  const edit = { type: 'add-drive', bus: 'sata', imageId: null } as const;
  const ids = listDevices(hardware, new Map([['add-drive/1', edit]])).map(({ id }) => id);
  expect(ids).toEqual([
    'cpu',
    'memory',
    'disk/vda',
    'disk/sda',
    'disk/vdb',
    'add-drive/1',
    'interface/52:54:00:00:00:01',
    'boot',
    'firmware',
    'screen',
    'services',
    'serial',
    'folders',
    'others',
  ]);
});
