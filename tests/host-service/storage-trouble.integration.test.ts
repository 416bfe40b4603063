import { readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoolId } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rejection } from '../fixtures/rpc-client.ts';
import { run } from '../fixtures/run.ts';
import { whenFolderShows } from '../fixtures/watch.ts';
import {
  diskXml,
  holdsPattern,
  imageInfo,
  makeDisk,
  MIB,
  startStorageHost,
  type StorageHost,
} from './storage-host.ts';

/** What must not be lost: volumes somebody needs, and those a job had in hand when libvirtd died. */

let host: StorageHost;
let poolId: PoolId;
const at = (name: string): string => join(host.folder('disks'), name);
const source = (name: string) => ({ type: 'dir', path: host.folder(name) }) as const;

beforeAll(async () => {
  host = await startStorageHost();
  ({ id: poolId } = await host.api.storage.createPool({ name: 'disks', source: source('disks') }));
}, 600_000);

afterAll(() => host?.stop());

/** Resolves once so much of a file is written. */
async function written(name: string, bytes: number): Promise<void> {
  await whenFolderShows(host.folder('disks'), `${bytes} bytes of ${name}`, 60_000, async () => {
    const found = await stat(at(name)).catch(() => null);
    return found !== null && found.blocks * 512 >= bytes ? true : undefined;
  });
}

describe('who uses a volume', () => {
  test('a machine that runs keeps its disk', async () => {
    await makeDisk(at('busy.qcow2'), '16M');
    await host.api.storage.refreshPool({ poolId });
    await host.define('runner', diskXml(at('busy.qcow2'), 'qcow2'));
    await host.libvirtd.virsh('start', 'runner', '--paused');
    const name = 'busy.qcow2';
    expect(await host.volume(poolId, name)).toMatchObject({
      orphan: false,
      usedBy: [{ kind: 'machine', name: 'runner', running: true, trashed: false }],
    });
    const { storage } = host.api;
    const attempts = [
      storage.deleteVolume({ poolId, name }),
      storage.wipeVolume({ poolId, name }),
      storage.resizeVolume({ poolId, name, capacityBytes: 8 * MIB, shrink: true }),
      storage.resizeVolume({ poolId, name, capacityBytes: 32 * MIB }),
      storage.cloneVolume({ poolId, name, newName: 'torn.qcow2' }),
      storage.stopPool({ poolId }),
      storage.deletePool({ poolId }),
    ];
    for (const refusal of await Promise.all(attempts.map(rejection))) {
      expect(refusal).toMatchObject({ code: 'CONFLICT', data: { reason: 'in-use', names: ['runner'] } });
    }
    await host.libvirtd.virsh('destroy', 'runner');
    // Off, it may grow; nothing that would lose something.
    expect(await storage.resizeVolume({ poolId, name, capacityBytes: 32 * MIB })).toMatchObject({
      capacityBytes: 32 * MIB,
    });
    const losses = [
      storage.deleteVolume({ poolId, name }),
      storage.wipeVolume({ poolId, name }),
      storage.resizeVolume({ poolId, name, capacityBytes: 8 * MIB, shrink: true }),
    ];
    for (const refusal of await Promise.all(losses.map(rejection))) {
      expect(refusal).toMatchObject({ data: { reason: 'in-use', names: ['runner'] } });
    }
    expect(await imageInfo(at(name))).toMatchObject({ 'virtual-size': 32 * MIB });
    await host.libvirtd.virsh('undefine', 'runner');
    await storage.deleteVolume({ poolId, name });
  });

  test('nothing that anything refers to is an orphan', async () => {
    const disks = host.folder('disks');
    await makeDisk(at('base.qcow2'), '8M');
    await makeDisk(at('middle.qcow2'), '8M', '-b', 'base.qcow2', '-F', 'qcow2');
    await makeDisk(at('overlay.qcow2'), '8M', '-b', at('middle.qcow2'), '-F', 'qcow2');
    await host.define('linked', diskXml(at('overlay.qcow2'), 'qcow2'));
    // Outside of every pool, on a volume.
    await makeDisk(host.folder('outside.qcow2'), '8M', '-b', at('under-outside.qcow2'), '-F', 'qcow2', '-u');
    await makeDisk(at('under-outside.qcow2'), '8M');
    await host.define('outsider', diskXml(host.folder('outside.qcow2'), 'qcow2'));
    // Named by its pool, through a link, as firmware settings, and as a kernel.
    await makeDisk(at('by-pool.qcow2'), '8M');
    await makeDisk(at('by-link.qcow2'), '8M');
    await symlink(disks, host.folder('other-name'));
    await writeFile(at('kernel'), 'k');
    await host.define(
      'odd',
      "<disk type='volume' device='disk'><source pool='disks' volume='by-pool.qcow2'/><target dev='vda' bus='virtio'/></disk>" +
        diskXml(join(host.folder('other-name'), 'by-link.qcow2'), 'qcow2', 'vdb'),
    );
    // In the trash.
    await makeDisk(at('trashed.qcow2'), '8M');
    await host.define('thrown-away', diskXml(at('trashed.qcow2'), 'qcow2'));
    // In the library.
    await makeDisk(join(host.folder('scanned'), 'library.qcow2'), '8M');
    await host.api.storage.createPool({ name: 'scanned', source: source('scanned') });
    await host.api.images.scan({});
    // A snapshot's memory and overlay.
    await makeDisk(at('before-snapshot.qcow2'), '8M');
    await host.define('snapped', diskXml(at('before-snapshot.qcow2'), 'qcow2'));
    await host.libvirtd.virsh(
      'snapshot-create-as',
      'snapped',
      'one',
      '--disk-only',
      '--diskspec',
      `vda,file=${at('after-snapshot.qcow2')}`,
    );
    // And one that nobody refers to, on a base that only it needs.
    await makeDisk(at('lone-base.qcow2'), '8M');
    await makeDisk(at('lone.qcow2'), '8M', '-b', at('lone-base.qcow2'), '-F', 'qcow2');
    await host.api.storage.refreshPool({ poolId });

    const machines = await host.api.machines.list({});
    const thrown = machines.find(({ name }) => name === 'thrown-away');
    if (thrown === undefined) throw new Error('it is not known');
    await host.api.machines.delete({ machineId: thrown.id });

    const { volumes } = await host.api.storage.volumes({ poolId });
    const users = Object.fromEntries(
      volumes.map(({ name, usedBy }) => [name, usedBy.map((user) => user.name).toSorted()]),
    );
    expect(users).toMatchObject({
      'base.qcow2': ['linked', 'middle.qcow2'],
      'middle.qcow2': ['linked', 'overlay.qcow2'],
      'overlay.qcow2': ['linked'],
      'under-outside.qcow2': ['outsider'],
      'by-pool.qcow2': ['odd'],
      'by-link.qcow2': ['odd'],
      'trashed.qcow2': ['thrown-away'],
      'before-snapshot.qcow2': expect.arrayContaining(['snapped']),
      'after-snapshot.qcow2': ['snapped'],
      'lone-base.qcow2': ['lone.qcow2'],
    });
    expect(volumes.find(({ name }) => name === 'trashed.qcow2')?.usedBy).toMatchObject([
      { kind: 'machine', trashed: true },
    ]);
    const orphans = (await host.api.storage.orphans({})).map(({ name }) => name);
    expect(orphans).toEqual(['kernel', 'lone.qcow2']);
    expect(await rejection(host.api.storage.deleteVolume({ poolId, name: 'base.qcow2' }))).toMatchObject({
      data: { reason: 'in-use', names: expect.arrayContaining(['linked']) },
    });
    expect(await rejection(host.api.storage.deleteVolume({ poolId, name: 'trashed.qcow2' }))).toMatchObject({
      data: { reason: 'in-use', names: ['thrown-away'] },
    });
    expect(await readdir(disks)).toContain('lone.qcow2');
    // A copy of a linked one stands alone.
    const job = await host.api.storage.cloneVolume({ poolId, name: 'lone.qcow2', newName: 'alone.qcow2' });
    expect(await host.ended(job)).toMatchObject({ state: 'done' });
    expect(await imageInfo(at('alone.qcow2'))).not.toHaveProperty('backing-filename');
  });
});

describe('in the middle of it', () => {
  const BIG = 256 * MIB;

  beforeAll(async () => {
    await run('dd', ['if=/dev/urandom', `of=${at('big.raw')}`, 'bs=1M', `count=${BIG / MIB}`]);
    await host.api.storage.refreshPool({ poolId });
  });

  test('a copy is cancelled, and nothing of it is left', async () => {
    const job = await host.api.storage.cloneVolume({ poolId, name: 'big.raw', newName: 'cancelled.raw' });
    await written('cancelled.raw', 8 * MIB);
    await host.api.jobs.cancel({ jobId: job.id });
    expect(await host.ended(job)).toMatchObject({ state: 'cancelled' });
    expect(await readdir(host.folder('disks'))).not.toContain('cancelled.raw');
  });

  test('libvirtd dies: the copy is made whole', async () => {
    const job = await host.api.storage.cloneVolume({ poolId, name: 'big.raw', newName: 'again.raw' });
    await written('again.raw', 8 * MIB);
    await host.libvirtd.kill();
    await host.libvirtd.start();
    await host.libvirtd.virsh('pool-start', 'disks').catch(() => '');
    expect(await host.ended(job)).toMatchObject({ state: 'done' });
    await run('cmp', [at('big.raw'), at('again.raw')]);
    await host.api.storage.deleteVolume({ poolId, name: 'again.raw' });
  }, 120_000);

  test('libvirtd dies, and the copy is cancelled while it is away: nothing of it is left', async () => {
    const job = await host.api.storage.cloneVolume({ poolId, name: 'big.raw', newName: 'half.raw' });
    await written('half.raw', 8 * MIB);
    await host.libvirtd.kill();
    await host.api.jobs.cancel({ jobId: job.id });
    await host.libvirtd.start();
    await host.libvirtd.virsh('pool-start', 'disks').catch(() => '');
    expect(await host.ended(job)).toMatchObject({ state: 'cancelled' });
    expect(await readdir(host.folder('disks'))).not.toContain('half.raw');
  }, 120_000);

  test('libvirtd dies: the rest is wiped, too', async () => {
    const job = await host.api.storage.wipeVolume({ poolId, name: 'big.raw' });
    const running = await host.api.jobs.get({ jobId: job.id });
    expect(['queued', 'running']).toContain(running.job.state);
    await host.libvirtd.kill();
    await host.libvirtd.start();
    await host.libvirtd.virsh('pool-start', 'disks').catch(() => '');
    expect(await host.ended(job)).toMatchObject({ state: 'done' });
    expect(await holdsPattern(at('big.raw'), { format: 'raw', pattern: 0, at: 0, bytes: BIG })).toBe(true);
    expect(await host.volume(poolId, 'big.raw')).toMatchObject({ capacityBytes: BIG, format: 'raw' });
  }, 120_000);
});
