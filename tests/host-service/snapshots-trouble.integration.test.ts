import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rejection } from '../fixtures/rpc-client.ts';
import { run } from '../fixtures/run.ts';
import { eventually } from '../fixtures/watch.ts';
import { type HardwareHost, MIB, startHardwareHost } from './hardware-host.ts';
import { InventoryWatcher } from './session.ts';
import { ended, SnapshotUser } from './snapshots-host.ts';

/** libvirtd is killed in the middle of what it does for snapshots, and callers ask for what they may not. */

let host: HardwareHost;
let user: SnapshotUser;
const NAME = 'hit';

beforeAll(async () => {
  host = await startHardwareHost();
  user = new SnapshotUser(host, NAME, await host.define(NAME));
  await host.boot(NAME);
  await host.edit(user.machineId, { type: 'grow-disk', target: 'vda', sizeBytes: 512 * MIB });
}, 600_000);

afterAll(() => host?.stop());

/** Kill the daemon, start it again, and wait until the job has ended. */
async function killMeanwhile(job: Job): Promise<Job> {
  await host.libvirtd.kill();
  await host.libvirtd.start();
  return ended(host.session.api, job);
}

/** What is shown is what libvirt has, and the disk keeps nothing that libvirt does not know of. */
async function expectTruth(): Promise<string[]> {
  const shown = (await user.tree()).snapshots.map(({ name }) => name);
  expect(shown.toSorted()).toEqual((await user.virshNames()).toSorted());
  const disk = (await host.session.api.machines.get({ machineId: user.machineId })).disks[0]?.source ?? '';
  const info = JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', disk])) as {
    snapshots?: { name: string }[];
  };
  for (const { name } of info.snapshots ?? []) expect(shown).toContain(name);
  expect(await user.shell('echo alive')).toBe('alive');
  return shown;
}

async function files(): Promise<string[]> {
  return (await readdir(host.libvirtd.imagesDir)).filter((name) => name.includes('.at-'));
}

test('in the middle of a snapshot with memory', async () => {
  const watcher = new InventoryWatcher(host.session);
  const { machineId } = user;
  const { api } = host.session;
  await watcher.until('the list', (event) => event.type === 'snapshot');
  const job = await api.snapshots.create({ machineId, name: 'cut', memory: true });
  // libvirt stops the guest while its memory is written.
  await watcher.until('the guest stands', (event) =>
    (event.type === 'snapshot' ? event.machines : event.upserted).some(
      ({ id, state }) => id === machineId && state === 'paused',
    ),
  );
  await watcher.close();
  const { state } = await killMeanwhile(job);
  // libvirt 9.0 sometimes ends a QEMU that it finds busy writing a snapshot; what is shown has to be the same.
  // It may hold the machine for half a minute before it gives up on it.
  const after = await eventually(async () => {
    const libvirts = await host.libvirtd.virsh('domstate', NAME);
    const { state: shownState } = await api.machines.get({ machineId });
    if (shownState === 'off') return libvirts === 'shut off' ? shownState : undefined;
    return libvirts === 'running' && (await user.shell('echo alive')) === 'alive' ? shownState : undefined;
  }, 120_000);
  if (after === 'off') await host.boot(NAME);
  const shown = await expectTruth();
  expect(shown).toEqual(state === 'done' ? ['cut'] : []);
  if (shown.includes('cut')) await user.delete('cut');
}, 300_000);

test('in the middle of a merge', async () => {
  const { machineId } = user;
  const { api } = host.session;
  await user.take('below', { memory: false });
  await user.shell('dd if=/dev/urandom of=/dev/vda bs=1M count=8 oflag=direct 2>/dev/null');
  await user.shell('dd if=/dev/zero of=/dev/vda bs=1M seek=8 count=400 oflag=direct 2>/dev/null');
  const sum = await user.shell('dd if=/dev/vda bs=1M count=8 iflag=direct 2>/dev/null | md5sum');
  const job = await api.snapshots.delete({ machineId, name: 'below' });
  await merging(job);
  const { state } = await killMeanwhile(job);
  const shown = await expectTruth();
  expect([state, shown]).toEqual(['done', []]);
  expect(await user.shell('dd if=/dev/vda bs=1M count=8 iflag=direct 2>/dev/null | md5sum')).toBe(sum);
  expect(await files()).toEqual([]);
}, 180_000);

test('in the middle of a revert', async () => {
  const { machineId } = user;
  const { api } = host.session;
  await user.shell('touch /tmp/before');
  await user.take('safe', { memory: true });
  await user.shell('touch /tmp/after');
  const job = await api.snapshots.revert({ machineId, name: 'safe', presentAs: 'present' });
  for await (const event of await api.jobs.watch({})) {
    const jobs = event.type === 'snapshot' ? event.jobs : event.upserted;
    if (
      jobs.some(
        ({ id, step, finishedAt }) => id === job.id && (step?.name === 'revert' || finishedAt !== null),
      )
    )
      break;
  }
  const { state } = await killMeanwhile(job);
  expect(state).toBe('done');
  expect(await expectTruth()).toEqual(['safe', 'present']);
  const names = await user.shell('ls /tmp');
  expect([names.includes('before'), names.includes('after')]).toEqual([true, false]);
  await user.delete('safe', true);
}, 180_000);

test('one piece of long work at a time, and only for who may', async () => {
  const { machineId } = user;
  const { api } = host.session;
  const first = await api.snapshots.create({ machineId, name: 'one', memory: true });
  const second = api.snapshots.create({ machineId, name: 'two', memory: true });
  expect(await rejection(second)).toMatchObject({ code: 'CONFLICT', data: { reason: 'busy' } });
  await user.done(first);
  const strange = api.snapshots.revert({ machineId, name: 'no such' });
  expect(await rejection(strange)).toMatchObject({ code: 'NOT_FOUND', data: { kind: 'snapshot' } });
  for (const name of ['', '-d', '../up', 'a/b', 'line\nend', 'x'.repeat(81)]) {
    const hostile = api.snapshots.create({ machineId, name, memory: true });
    expect(await rejection(hostile)).toMatchObject({ code: 'INVALID_INPUT' });
  }
  const quiet = api.snapshots.create({ machineId, name: 'three', memory: true, quiesce: true });
  expect(await rejection(quiet)).toMatchObject({ code: 'INVALID_INPUT' });
  await user.delete('one');
  expect(await readdir(join(host.libvirtd.imagesDir, 'limen', 'machines'))).toEqual([]);
});

/** Resolves when data is moved, or the job has ended before that was seen. */
async function merging(job: Job): Promise<void> {
  for await (const event of await host.session.api.jobs.watch({})) {
    const jobs = event.type === 'snapshot' ? event.jobs : event.upserted;
    if (jobs.some(({ id, bytes, finishedAt }) => id === job.id && (bytes !== null || finishedAt !== null)))
      return;
  }
}
