import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Hardware, MachineId } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rejection } from '../fixtures/rpc-client.ts';
import { eventually, whenFolderShows } from '../fixtures/watch.ts';
import { type HardwareHost, MIB, startHardwareHost } from './hardware-host.ts';

/** A guest that does not let go, and a libvirtd that dies in the middle. */

let host: HardwareHost;
let id: MachineId;
const NAME = 'stubborn';

beforeAll(async () => {
  host = await startHardwareHost();
  id = await host.define(NAME);
  // Paused, a guest answers nothing.
  await host.libvirtd.virsh('start', NAME, '--paused');
}, 600_000);

afterAll(() => host?.stop());

test('what the guest does not let go of stays, in both definitions', async () => {
  const before = await host.get(id);
  const { results, hardware } = await host.edit(id, {
    type: 'remove-disk',
    target: 'vda',
    deleteFile: false,
  });
  expect(results).toEqual([
    { outcome: 'refused', code: 'HYPERVISOR_ERROR', detail: expect.stringContaining('did not let go') },
  ]);
  expect(hardware.revision).toBe(before.revision);
  expect(hardware.live?.disks.map(({ target }) => target)).toContain('vda');
}, 60_000);

test('vCPUs that are not let go of are taken back from the stored definition', async () => {
  await host.edit(id, { type: 'set-vcpus', current: 2, maximum: 4 });
  const before = await host.get(id);
  expect(before.live?.vcpus.current).toBe(2);
  const { results, hardware } = await host.edit(id, { type: 'set-vcpus', current: 1, maximum: 4 });
  expect(results).toMatchObject([{ outcome: 'refused', code: 'HYPERVISOR_ERROR' }]);
  expect(hardware.revision).toBe(before.revision);
}, 60_000);

test('a disk that QEMU uses is not deleted by an edit for the next start', async () => {
  await host.edit(id, { type: 'add-disk', source: { type: 'new', sizeBytes: 4 * MIB }, bus: 'virtio' });
  const removal = { type: 'remove-disk', target: 'vdb', deleteFile: true } as const;
  expect((await host.edit(id, removal, 'next-start')).results).toMatchObject([{ code: 'CONFLICT' }]);
  expect((await host.edit(id, { ...removal, deleteFile: false }, 'next-start')).results).toEqual([
    { outcome: 'at-next-start' },
  ]);
  expect(await readdir(host.machinesDir)).toHaveLength(1);
});

test('libvirtd dies while a disk is added: what is told afterwards is what libvirt has', async () => {
  const { api } = host.session;
  const stop = new AbortController();
  const seen: Hardware[] = [];
  const watching = (async () => {
    for await (const hardware of await api.hardware.watch({ machineId: id }, { signal: stop.signal }))
      seen.push(hardware);
  })().catch(() => undefined);
  const files = new Set(await readdir(host.machinesDir));
  const { revision } = await host.get(id);
  const source = { type: 'new', sizeBytes: 4 * MIB } as const;
  const edits = Array.from({ length: 5 }, () => ({ type: 'add-disk', source, bus: 'virtio' }) as const);
  const call = api.hardware.edit({ machineId: id, revision, edits: [...edits], when: 'now' });
  const failure = rejection(call);
  await whenFolderShows(host.machinesDir, 'a new disk', 60_000, async () =>
    (await readdir(host.machinesDir)).find((file) => file.endsWith('.qcow2') && !files.has(file)),
  );
  await host.libvirtd.kill();
  expect(['HYPERVISOR_UNAVAILABLE', 'TIMEOUT']).toContain((await failure).code);
  await host.libvirtd.start();

  const told = await eventually(async () => {
    const hardware = await host.get(id);
    const text = JSON.stringify(hardware);
    // Whoever was looking all the time has been told the same, without asking.
    return seen.some((each) => JSON.stringify(each) === text) ? hardware : undefined;
  });
  stop.abort();
  await watching;
  const lines = (await host.libvirtd.virsh('domblklist', NAME, '--inactive')).split('\n');
  const targets = lines.map((line) => line.trim().split(/\s+/)[0]).filter((target) => target !== '');
  expect(told.stored.disks.map(({ target }) => target)).toEqual(targets);
  // No file without a disk, but for the one that was removed and kept.
  const known = [...told.stored.disks, ...(told.live?.disks ?? [])].map(({ source: path }) =>
    basename(path ?? ''),
  );
  await eventually(async () => {
    const strangers = (await readdir(host.machinesDir)).filter(
      (file) => !files.has(file) && !known.includes(file),
    );
    return strangers.length === 0 ? true : undefined;
  });
  await host.libvirtd.virsh('destroy', NAME);
  await host.libvirtd.virsh('start', NAME, '--paused');
}, 600_000);
