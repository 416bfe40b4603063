import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DiskMove, Job, MachineId } from '@limen/contract';
import { DomainXml } from 'node-libvirt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestShell } from '../fixtures/guest-shell.ts';
import { jobEnded, untilJob } from '../fixtures/jobs.ts';
import { rejection } from '../fixtures/rpc-client.ts';
import { run } from '../fixtures/run.ts';
import { type HardwareHost, MIB, startHardwareHost } from './hardware-host.ts';
import { signIn } from './session.ts';

/** Disks that go to another place or format while their machine runs, and while it is off. */

const NAME = 'mover';
const POOL = 'elsewhere';

let host: HardwareHost;
let id: MachineId;
let pool: string;

beforeAll(async () => {
  host = await startHardwareHost();
  id = await host.define(NAME);
  const { libvirtd } = host;
  pool = join(libvirtd.imagesDir, POOL);
  await mkdir(pool);
  await chmod(pool, 0o711);
  await libvirtd.virsh('pool-define-as', POOL, 'dir', '--target', pool);
  await libvirtd.virsh('pool-start', POOL);
  await host.edit(id, { type: 'add-disk', source: { type: 'new', sizeBytes: 32 * MIB }, bus: 'virtio' });
  await host.boot(NAME);
}, 600_000);

afterAll(() => host?.stop());

const inGuest = (command: string): Promise<string> => guestShell(host.libvirtd, NAME, command);
const move = (wish: Partial<DiskMove>): Promise<Job> =>
  host.session.api.hardware.moveDisk({ machineId: id, target: 'vdb', format: 'qcow2', pool: null, ...wish });
const ended = async (job: Job): Promise<Job> => jobEnded(host.session.api, job.id);
const DONE = { state: 'done', error: null };

/** Where a disk is, in what runs and in what the next start gets. */
async function places(target = 'vdb'): Promise<(string | null)[]> {
  const { live, stored } = await host.get(id);
  return [live, stored].map((set) => set?.disks.find((disk) => disk.target === target)?.source ?? null);
}

async function formatOf(path: string): Promise<string> {
  return (JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', path])) as { format: string })
    .format;
}

/** Of 30 MB, so that the copy can be caught while it runs. */
const SLOWLY = { bytesPerSecond: 2 * MIB };
const hurry = (): Promise<string> => host.libvirtd.virsh('blockjob', NAME, 'vdb', '--bandwidth', '0');

test('a running machine’s disk goes to another pool as raw, and nothing of it is lost', async () => {
  await inGuest('echo before > /dev/vdb && sync');
  const [from] = await places();
  expect(await ended(await move({ pool: POOL, format: 'raw' }))).toMatchObject(DONE);
  const [live, stored] = await places();
  expect(stored).toBe(live);
  expect(dirname(live ?? '')).toBe(pool);
  expect(await formatOf(live ?? '')).toBe('raw');
  await expect(stat(from ?? '')).rejects.toThrow('ENOENT');
  expect(await inGuest('head -c 6 /dev/vdb')).toBe('before');
  await inGuest('echo after! > /dev/vdb && sync');
  await host.libvirtd.virsh('destroy', NAME);
  await host.boot(NAME);
  expect(await inGuest('head -c 6 /dev/vdb')).toBe('after!');
}, 300_000);

test('it comes back, as qcow2, and what is not LIMEN’s own stays where it was', async () => {
  const [from] = await places();
  expect(await ended(await move({}))).toMatchObject(DONE);
  const [live] = await places();
  expect(dirname(live ?? '')).toBe(host.machinesDir);
  expect(await formatOf(live ?? '')).toBe('qcow2');
  expect(await readdir(pool)).toEqual([basename(from ?? '')]);
  expect(await inGuest('head -c 6 /dev/vdb')).toBe('after!');
});

test('cancelled in the middle, the disk is where it was and the copy gone', async () => {
  await inGuest('dd if=/dev/urandom of=/dev/vdb bs=1M count=30 2>/dev/null && sync');
  const before = await places();
  const job = await move({ pool: POOL, ...SLOWLY });
  await untilJob(host.session.api, job.id, ({ bytes }) => (bytes?.done ?? 0) > 0);
  await host.session.api.jobs.cancel({ jobId: job.id });
  expect(await ended(job)).toMatchObject({ state: 'cancelled' });
  expect(await places()).toEqual(before);
  expect(await readdir(pool)).toHaveLength(1);
  expect(await host.libvirtd.virsh('blockjob', NAME, 'vdb')).toBe('');
});

test('libvirtd killed in the middle: the copy goes on, and what is shown is what libvirt has', async () => {
  const sum = await inGuest('md5sum < /dev/vdb');
  const job = await move({ pool: POOL, ...SLOWLY });
  await untilJob(host.session.api, job.id, ({ bytes }) => (bytes?.done ?? 0) > 0);
  await host.libvirtd.kill();
  await host.libvirtd.start();
  await hurry();
  expect(await ended(job)).toMatchObject(DONE);
  const [live, stored] = await places();
  expect(stored).toBe(live);
  expect(dirname(live ?? '')).toBe(pool);
  const { devices } = DomainXml.parse(await host.libvirtd.virsh('dumpxml', NAME));
  expect(devices.disks.find(({ target }) => target === 'vdb')?.mirror).toBeNull();
  expect(await inGuest('md5sum < /dev/vdb')).toBe(sum);
}, 120_000);

test('off, it is converted in place', async () => {
  await host.libvirtd.virsh('destroy', NAME);
  expect(await ended(await move({ format: 'raw' }))).toMatchObject(DONE);
  const [, stored] = await places();
  expect(await formatOf(stored ?? '')).toBe('raw');
  await host.libvirtd.virsh('start', NAME, '--paused');
  await host.libvirtd.virsh('destroy', NAME);
});

test('what cannot be moved is refused, and nothing is begun', async () => {
  expect(await rejection(move({ target: 'vdz' }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await rejection(move({ target: 'sda' }))).toMatchObject({ code: 'INVALID_INPUT' });
  expect(await rejection(move({ pool: 'nowhere' }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await rejection(move({ pool: '../..' }))).toMatchObject({ code: 'NOT_FOUND' });
  await host.libvirtd.virsh('pool-destroy', POOL);
  expect(await rejection(move({ pool: POOL }))).toMatchObject({ code: 'CONFLICT' });
  await host.libvirtd.virsh('pool-start', POOL);
  await writeFile(join(pool, 'unrelated'), 'x');
  const job = await move({ pool: POOL });
  expect(await rejection(move({ pool: POOL }))).toMatchObject({ code: 'CONFLICT' });
  expect(await ended(job)).toMatchObject(DONE);
});

test('the host service killed in the middle: it takes the copy up again', async () => {
  await host.boot(NAME);
  await inGuest('dd if=/dev/urandom of=/dev/vdb bs=1M count=30 2>/dev/null && sync');
  const sum = await inGuest('md5sum < /dev/vdb');
  const job = await move(SLOWLY);
  await untilJob(host.session.api, job.id, ({ bytes }) => (bytes?.done ?? 0) > 0);
  await host.service.kill();
  await host.service.start();
  await hurry();
  const again = await signIn(host.service);
  try {
    expect(await jobEnded(again.api, job.id)).toMatchObject(DONE);
    const { live, stored } = await again.api.hardware.get({ machineId: id });
    const source = (set: typeof live) => set?.disks.find(({ target }) => target === 'vdb')?.source;
    expect(source(stored)).toBe(source(live));
    expect(dirname(source(live) ?? '')).toBe(host.machinesDir);
  } finally {
    await again.close();
  }
  expect(await inGuest('md5sum < /dev/vdb')).toBe(sum);
}, 120_000);
