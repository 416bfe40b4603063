import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job, MachineId } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rejection } from '../fixtures/rpc-client.ts';
import { run } from '../fixtures/run.ts';
import { type HardwareHost, startHardwareHost } from './hardware-host.ts';
import { ended, SnapshotUser, withScreen } from './snapshots-host.ts';

/** Snapshots of machines that run, looked at from inside them. */

let host: HardwareHost;

beforeAll(async () => {
  host = await startHardwareHost();
}, 600_000);

afterAll(() => host?.stop());

async function booted(name: string, change?: (xml: string) => string): Promise<SnapshotUser> {
  const id = await host.define(name, change);
  await host.boot(name);
  return new SnapshotUser(host, name, id);
}

/** The same machine on a raw disk. */
function withRaw(xml: string): string {
  return xml.replace("type='qcow2'/>", "type='raw'/>");
}

async function purged(machineId: MachineId): Promise<Job> {
  await host.session.api.machines.delete({ machineId });
  return host.session.api.machines.purge({ machineId });
}

/** Write to, and read from, the start of the disk, past all caches. */
const writeDisk = (text: string): string =>
  `echo '${text}' | dd of=/dev/vda bs=512 count=1 conv=sync oflag=direct 2>/dev/null`;
const READ_DISK = 'dd if=/dev/vda bs=512 count=1 iflag=direct 2>/dev/null | head -n 1 | tr -d "\\000"';

describe('inside the disk, with memory', () => {
  let user: SnapshotUser;

  beforeAll(async () => {
    user = await booted('inside', withScreen);
  }, 600_000);

  test('it is taken with a picture of the screen', async () => {
    const { options, snapshots } = await user.tree();
    expect(snapshots).toEqual([]);
    expect(options[0]).toEqual({ kind: 'internal', memory: true, refusals: [] });
    await user.shell('touch /tmp/before; (sleep 4321 </dev/null >/dev/null 2>&1 &)');
    await user.shell(writeDisk('first'));
    await user.take('first', { memory: true, description: 'as it was' });
    const first = await user.find('first');
    expect(first).toMatchObject({
      description: 'as it was',
      parent: null,
      current: true,
      kind: 'internal',
      state: 'running',
      memory: true,
      hasPicture: true,
      revertRefusal: null,
      deleteRefusal: null,
    });
    expect(first.sizeBytes).toBeGreaterThan(1_000_000);
    const { base64 } = await host.session.api.snapshots.picture({ machineId: user.machineId, name: 'first' });
    expect(Buffer.from(base64, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });

  test('a name is taken once', async () => {
    const { api } = host.session;
    const again = api.snapshots.create({ machineId: user.machineId, name: 'first', memory: true });
    expect(await rejection(again)).toMatchObject({ code: 'CONFLICT', data: { reason: 'name-taken' } });
  });

  test('without memory it is not possible, and the reason is told', async () => {
    const { api } = host.session;
    const without = api.snapshots.create({ machineId: user.machineId, name: 'disk', memory: false });
    expect(await rejection(without)).toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'snapshot-refused', state: 'other-kind', names: ['first'] },
    });
  });

  test('a revert brings back what ran and what was written, and sets the clock', async () => {
    await user.shell('touch /tmp/after; pkill sleep || killall sleep');
    await user.shell(writeDisk('second'));
    await user.revert('first', { presentAs: 'present' });
    expect(await user.shell('ls /tmp')).not.toContain('after');
    expect(await user.shell('ls /tmp')).toContain('before');
    expect(await user.shell("ps | grep '[s]leep 4321'")).toContain('4321');
    expect(await user.shell(READ_DISK)).toBe('first');
    const seconds = Number(await user.shell('date +%s'));
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(3);
    expect(await user.find('first')).toMatchObject({ current: true });
    expect(await user.find('present')).toMatchObject({ parent: 'first', current: false, memory: true });
  });

  test('the present that was taken first can be gone back to', async () => {
    await user.revert('present');
    expect(await user.shell('ls /tmp')).toContain('after');
    expect(await user.shell(READ_DISK)).toBe('second');
  });

  test('a description changes, and nothing else', async () => {
    const before = await user.find('first');
    const { api } = host.session;
    await api.snapshots.describe({
      machineId: user.machineId,
      name: 'first',
      description: 'new <words> & "more"',
    });
    expect(await user.find('first')).toEqual({ ...before, description: 'new <words> & "more"' });
  });

  test('whoever watches is told what virsh does', async () => {
    const { api } = host.session;
    const stop = new AbortController();
    const events = await api.snapshots.watch({ machineId: user.machineId }, { signal: stop.signal });
    await host.libvirtd.virsh('snapshot-create-as', 'inside', 'by-virsh');
    for await (const { snapshots } of events) if (snapshots.some(({ name }) => name === 'by-virsh')) break;
    stop.abort();
  });

  test('of a snapshot inside a disk that is written to there are no copies', async () => {
    const { api } = host.session;
    const { machineId } = user;
    const copy = (mode: 'full' | 'linked', snapshot: string) =>
      rejection(api.machines.clone({ machineId, name: 'copy', mode, snapshot }));
    expect(await copy('full', 'first')).toMatchObject({ code: 'CONFLICT', data: { reason: 'wrong-state' } });
    expect(await copy('linked', 'first')).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await copy('full', 'no such')).toMatchObject({ code: 'NOT_FOUND', data: { kind: 'snapshot' } });
  });

  test('one is deleted, or one with all that were taken on it', async () => {
    await user.delete('by-virsh');
    expect(await user.virshNames()).toEqual(['first', 'present']);
    await user.delete('first', true);
    expect(await user.virshNames()).toEqual([]);
    expect((await user.tree()).snapshots).toEqual([]);
    expect(await user.shell(READ_DISK)).toBe('second');
  });

  test('saved, it goes on where it was; given up, it is off', async () => {
    const { api } = host.session;
    const { machineId } = user;
    await user.shell('(sleep 1234 </dev/null >/dev/null 2>&1 &)');
    await user.done(await api.machines.save({ machineId }));
    expect((await api.machines.get({ machineId })).state).toBe('saved');
    for (const { refusals } of (await user.tree()).options)
      expect(refusals.map(({ reason }) => reason)).toContain('saved');
    expect(await rejection(api.machines.save({ machineId }))).toMatchObject({ code: 'CONFLICT' });
    await api.machines.power({ machineId, action: 'start' });
    expect(await user.shell("ps | grep '[s]leep 1234'")).toContain('1234');
    expect(await rejection(api.machines.discardSaved({ machineId }))).toMatchObject({ code: 'CONFLICT' });
    await user.take('awake', { memory: true });
    await user.done(await api.machines.save({ machineId }));
    await user.revert('awake');
    expect(await user.shell("ps | grep '[s]leep 1234'")).toContain('1234');
    expect(await host.libvirtd.virsh('dominfo', 'inside')).toMatch(/Managed save:\s+no/);
    await user.delete('awake');
    await user.done(await api.machines.save({ machineId }));
    expect((await api.machines.discardSaved({ machineId })).state).toBe('off');
    expect(await host.libvirtd.virsh('domstate', 'inside')).toBe('shut off');
  });
});

describe('on top of the disk', () => {
  let user: SnapshotUser;
  let id: MachineId;

  beforeAll(async () => {
    user = await booted('on-top', (xml) => withRaw(withScreen(xml)));
    id = user.machineId;
  }, 600_000);

  test('a raw disk has them there, and why is told', async () => {
    const { options, canQuiesce } = await user.tree();
    expect(canQuiesce).toBe(true);
    expect(options).toEqual([
      { kind: 'internal', memory: true, refusals: [{ reason: 'raw-disk', names: ['vda'] }] },
      { kind: 'external', memory: true, refusals: [] },
      { kind: 'external', memory: false, refusals: [] },
    ]);
    await user.shell(writeDisk('one'));
    await user.take('one', { memory: false, quiesce: true });
    expect(await user.find('one')).toMatchObject({
      kind: 'external',
      state: 'disk-only',
      memory: false,
      current: true,
    });
    await user.shell(writeDisk('two'));
    await user.shell('touch /tmp/with-memory');
    await user.take('two', { memory: true });
    expect(await user.find('two')).toMatchObject({
      parent: 'one',
      kind: 'external',
      memory: true,
      hasPicture: true,
    });
    await user.shell(writeDisk('three'));
    await user.shell('touch /tmp/lost');
  });

  test('a machine is cloned from a snapshot while it runs on', async () => {
    const { api } = host.session;
    const { jobId, machineId } = await api.machines.clone({
      machineId: id,
      name: 'from-one',
      mode: 'full',
      snapshot: 'one',
    });
    await user.done(await ended(api, { id: jobId }));
    const { disks } = await api.machines.get({ machineId });
    const copy = disks.find(({ target }) => target === 'vda')?.source ?? '';
    expect(copy).toContain(host.machinesDir);
    const start = await run('sh', [
      '-c',
      `qemu-img dd -O raw bs=512 count=1 if=${copy} of=${copy}.raw && head -n 1 ${copy}.raw; rm ${copy}.raw`,
    ]);
    expect(start.replaceAll('\0', '').trim()).toBe('one');
    await user.done(await purged(machineId));
    expect(await user.shell(READ_DISK)).toBe('three');
  });

  test('a revert to one with memory goes on where it was', async () => {
    await user.revert('two');
    expect(await user.shell('ls /tmp')).toContain('with-memory');
    expect(await user.shell('ls /tmp')).not.toContain('lost');
    expect(await user.shell(READ_DISK)).toBe('two');
    expect(await user.find('two')).toMatchObject({ current: true, revertRefusal: null, deleteRefusal: null });
  });

  test('a revert to an older one leaves the newer one to go back to', async () => {
    await user.shell(writeDisk('four'));
    await user.revert('one', { presentAs: 'four' });
    expect((await user.tree()).snapshots.map(({ name, current }) => [name, current])).toEqual([
      ['one', true],
      ['two', false],
      ['four', false],
    ]);
    await host.boot('on-top');
    expect(await user.shell(READ_DISK)).toBe('one');
    expect((await user.find('one')).deleteRefusal).toMatchObject({ reason: 'branches' });
    await user.revert('four');
    expect(await user.shell(READ_DISK)).toBe('four');
  });

  test('deleting keeps what the machine has now, and no file behind', async () => {
    await user.delete('one');
    expect(await user.shell(READ_DISK)).toBe('four');
    await user.delete('two', true);
    expect(await user.virshNames()).toEqual([]);
    expect(await user.shell(READ_DISK)).toBe('four');
    const names = await readdir(host.libvirtd.imagesDir);
    expect(names.filter((name) => name.includes('.at-'))).toEqual([]);
    expect(await readdir(host.machinesDir)).toEqual([]);
    expect((await host.session.api.machines.get({ machineId: id })).disks[0]?.source).toMatch(
      /on-top\.qcow2$/,
    );
  });

  test('of a machine that is off it merges without letting it run', async () => {
    await host.libvirtd.virsh('destroy', 'on-top');
    await user.take('off', { memory: false });
    expect(await user.find('off')).toMatchObject({ state: 'off', memory: false });
    await user.delete('off');
    expect(await host.libvirtd.virsh('domstate', 'on-top')).toBe('shut off');
  });
});

test('what cannot be snapshotted says so', async () => {
  const id = await host.define('uefi', (xml) =>
    xml.replace('<os>', "<os firmware='efi'>").replace(/<kernel>[\s\S]*<\/cmdline>/, ''),
  );
  const { options } = await new SnapshotUser(host, 'uefi', id).tree();
  expect(options.map(({ refusals }) => refusals[0]?.reason)).toEqual([
    'uefi-variables',
    undefined,
    'memory-only-while-running',
  ]);
});

test('a machine is deleted for good with all that its snapshots made', async () => {
  const disk = join(host.machinesDir, 'own.img');
  await run('qemu-img', ['create', '-q', '-f', 'raw', disk, '8M']);
  const id = await host.define('own', (xml) =>
    withRaw(xml).replace(/<source file='[^']*own.qcow2'/, `<source file='${disk}'`),
  );
  const user = new SnapshotUser(host, 'own', id);
  for (const name of ['one', 'two', 'three']) await user.take(name, { memory: false });
  await user.revert('one');
  expect((await readdir(host.machinesDir)).length).toBeGreaterThan(3);
  await user.done(await purged(id));
  expect(await readdir(host.machinesDir)).toEqual([]);
});
