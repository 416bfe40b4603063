import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Image, type Job, type JobId, type Machine, type NewMachineInput } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { makeDisk, makeIso } from '../fixtures/image-samples.ts';
import { jobEnded } from '../fixtures/jobs.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { privateStorage } from '../fixtures/private-storage.ts';
import { connectRpc, type RpcClient } from '../fixtures/rpc-client.ts';
import { run } from '../fixtures/run.ts';
import { type AdministratorSession, signIn } from './session.ts';

/** The image library of the host service as a process of its own, as its clients see it. */

const MIB = 2 ** 20;

let libvirtd: PrivateLibvirtd;
let service: HostService;
let session: AdministratorSession;
/** Somebody who is no administrator. */
let eve: RpcClient;
let storage: string;
let scanned: string;

beforeAll(async () => {
  libvirtd = await startLibvirtd();
  scanned = join(libvirtd.imagesDir, 'scanned');
  await mkdir(scanned);
  const { directory, environment } = await privateStorage(libvirtd, { scanDirectories: [scanned] });
  storage = directory;
  service = await startHostService({ libvirtd, environment });
  session = await signIn(service);
  await session.api.users.create({ username: 'eve', password: 'correct horse battery' });
  eve = await connectRpc({ url: `wss://${service.address}` });
  await eve.api.session.signIn({ username: 'eve', password: 'correct horse battery', device: 'test' });
});

afterAll(async () => {
  await eve?.close();
  await session?.close();
  await service?.stop();
  await libvirtd?.stop();
});

const ended = (jobId: JobId): Promise<Job> => jobEnded(session.api, jobId);

async function make(change: Partial<NewMachineInput>): Promise<Machine> {
  const [started] = await session.api.machines.create({
    source: { type: 'empty' },
    name: 'machine',
    presetId: 'linux',
    vcpus: 1,
    memoryBytes: 128 * MIB,
    diskBytes: 16 * MIB,
    network: { type: 'none' },
    startAfterCreation: false,
    ...change,
  });
  if (started === undefined) throw new Error('no machine was begun');
  expect(await ended(started.jobId)).toMatchObject({ state: 'done', error: null });
  return session.api.machines.get({ machineId: started.machineId });
}

async function purge({ id: machineId }: Machine): Promise<void> {
  await session.api.machines.delete({ machineId });
  const { id } = await session.api.machines.purge({ machineId });
  expect(await ended(id)).toMatchObject({ state: 'done' });
}

async function scan(): Promise<Image[]> {
  return (await session.api.images.scan({})).added;
}

function only<T>(things: readonly T[]): T {
  const [thing] = things;
  if (thing === undefined || things.length > 1) throw new Error(`there are ${things.length}`);
  return thing;
}

async function files(folder: string): Promise<string[]> {
  return (await readdir(join(storage, folder))).toSorted();
}

describe('the library', () => {
  test('finds what lies in the configured folders, and says what it refuses', async () => {
    await makeIso(join(scanned, 'debian-12.iso'));
    await makeDisk(join(scanned, '<xml> 😀.qcow2'), 'qcow2');
    await writeFile(join(scanned, 'notes.txt'), 'not an image');
    await writeFile(join(scanned, 'broken.iso'), 'not an image either');
    const overlay = ['-f', 'qcow2', '-b', '/etc/shadow', '-F', 'raw', join(scanned, 'evil.qcow2'), '1M'];
    await run('qemu-img', ['create', '-q', '-u', ...overlay]);
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', join(scanned, 'huge.qcow2'), '10T']);
    await run('ln', ['-s', '/etc/shadow', join(scanned, 'link.iso')]);
    await run('mkfifo', [join(scanned, 'pipe.iso')]);
    const { added, refused } = await session.api.images.scan({});
    expect(added.map(({ name, kind, presetId }) => ({ name, kind, presetId }))).toEqual([
      { name: '<xml> 😀', kind: 'disk', presetId: null },
      { name: 'debian-12', kind: 'iso', presetId: 'debian-12' },
    ]);
    expect(refused.map(({ path }) => path.replace(`${scanned}/`, ''))).toEqual([
      'broken.iso',
      'evil.qcow2',
      'huge.qcow2',
    ]);
    expect(await scan()).toEqual([]);
  });

  test('is everybody’s to see and its owners’ to change', async () => {
    const iso = await find('debian-12');
    expect((await eve.api.images.list({})).map(({ id }) => id)).toContain(iso.id);
    await expect(eve.api.images.update({ imageId: iso.id, name: 'mine' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(eve.api.images.delete({ imageId: iso.id })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(eve.api.images.scan({})).rejects.toMatchObject({ code: 'FORBIDDEN' });

    const events = await eve.api.images.watch({});
    expect((await events.next()).value).toMatchObject({ type: 'snapshot' });
    await session.api.images.update({ imageId: iso.id, shared: false, name: 'secret' });
    expect((await events.next()).value).toEqual({ type: 'changes', upserted: [], removed: [iso.id] });
    expect((await eve.api.images.list({})).map(({ id }) => id)).not.toContain(iso.id);
    await expect(eve.api.images.update({ imageId: iso.id, name: 'mine' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await session.api.images.update({ imageId: iso.id, shared: true, name: 'debian-12' });
    expect((await events.next()).value).toMatchObject({ type: 'changes', upserted: [{ id: iso.id }] });
    await events.return();
  });

  test.each(['../../etc/passwd', 'nul\0', 'x'.repeat(300), '', ' ', 'a\nb', 'a\\b'])(
    'refuses the name %j',
    async (name) => {
      const { id: imageId } = await find('debian-12');
      await expect(session.api.images.update({ imageId, name })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    },
  );

  test('takes names that only look dangerous', async () => {
    const { id: imageId } = await find('debian-12');
    for (const name of ['<xml attribute="x">', '😀 😀', '$(reboot)', 'debian-12']) {
      expect(await session.api.images.update({ imageId, name })).toMatchObject({ name });
    }
    await expect(session.api.images.update({ imageId, presetId: 'nowhere' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('keeps an image that machines need, and names them', async () => {
    const image = await find('<xml> 😀');
    const source = { type: 'template', imageId: image.id, mode: 'linked' } as const;
    const machine = await make({ name: 'needs-it', source });
    expect((await find(image.name)).usedBy).toEqual([{ machineId: machine.id, name: 'needs-it' }]);
    await expect(session.api.images.delete({ imageId: image.id })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'in-use', names: ['needs-it'] },
    });
    await purge(machine);
    await session.api.images.delete({ imageId: image.id });
    // It was found, so it is not ours to delete.
    expect((await stat(image.path)).isFile()).toBe(true);
    expect(await scan()).toHaveLength(1);
  });
});

async function template({ id: machineId }: Machine): Promise<Image> {
  const wish = { machineId, name: 'golden', generalise: false };
  const { id } = await session.api.images.createTemplate(wish);
  expect(await ended(id)).toMatchObject({ kind: 'image.template', state: 'done', error: null });
  return find('golden');
}

describe('a template', () => {
  test('is a whole copy of the system disk, and boots as its machine did', async () => {
    const base = await find('<xml> 😀');
    const linked = { type: 'template', imageId: base.id, mode: 'linked' } as const;
    const hardware = { firmware: 'uefi', diskBus: 'sata' } as const;
    const source = await make({ name: 'source', source: linked, hardware });
    const { nvram } = await variables(source);
    await writeFile(nvram, 'what it boots from');
    const image = await template(source);
    expect(image).toMatchObject({
      kind: 'template',
      format: 'qcow2',
      presetId: 'linux',
      virtualBytes: 16 * MIB,
      origin: 'template',
      shared: false,
      managed: true,
      owner: { username: 'admin' },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      hardware: { firmware: 'uefi', secureBoot: false, diskBus: 'sata', chipset: 'q35' },
    });
    expect(await run('sha256sum', [image.path])).toContain(image.sha256 ?? '');
    const info: object = JSON.parse(await run('qemu-img', ['info', '--output=json', image.path]));
    expect(info).not.toHaveProperty('full-backing-filename');
    expect(await run('qemu-img', ['compare', source.disks[0]?.source ?? '', image.path])).toContain(
      'identical',
    );

    const made = await make({
      name: 'made',
      source: { type: 'template', imageId: image.id, mode: 'linked' },
    });
    expect(made).toMatchObject({ firmware: 'uefi', disks: [{ bus: 'sata' }, {}] });
    expect(await run('cat', [(await variables(made)).nvram])).toBe('what it boots from');
    const bios = { firmware: 'bios', secureBoot: false, diskBus: 'virtio' } as const;
    const other = await make({
      name: 'other',
      source: { type: 'template', imageId: image.id, mode: 'full' },
      hardware: bios,
    });
    expect(other).toMatchObject({ firmware: 'bios', disks: [{ bus: 'virtio' }, {}] });
    await expect(session.api.images.delete({ imageId: image.id })).rejects.toMatchObject({
      data: { reason: 'in-use', names: ['made'] },
    });
    for (const machine of [made, other, source]) await purge(machine);
    await session.api.images.delete({ imageId: image.id });
    expect(await files('images')).toEqual([]);
    expect(await files('incoming')).toEqual([]);
  });

  test('is only made of a machine that is off, by who may manage it', async () => {
    const machine = await make({ name: 'running', startAfterCreation: true });
    const wish = { machineId: machine.id, name: 'no', generalise: false };
    await expect(session.api.images.createTemplate(wish)).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'wrong-state', state: 'running', allowed: ['off'] },
    });
    await expect(eve.api.images.createTemplate(wish)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await purge(machine);
    await expect(session.api.images.createTemplate(wish)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('that is more than its owner may still have is none, and leaves nothing', async () => {
    const { userId } = await eve.api.quotas.own({});
    const machine = await make({ name: 'of-eve', ownerId: userId });
    // Less is left than an empty qcow2 takes.
    const limits = { machines: null, vcpus: null, memoryBytes: null, diskBytes: 16 * MIB + 4096 };
    await session.api.quotas.set({ userId, limits });
    const wish = { machineId: machine.id, name: 'too-much', generalise: false };
    const { id } = await eve.api.images.createTemplate(wish);
    expect(await ended(id)).toMatchObject({
      state: 'failed',
      error: { code: 'QUOTA_EXCEEDED', data: { scope: 'user', resource: 'disk', used: 16 * MIB } },
    });
    expect(await files('images')).toEqual([]);
    expect(await files('incoming')).toEqual([]);
    await session.api.quotas.set({ userId, limits: null });
    await purge(machine);
  });

  test('of a system that nobody can generalise is none, and leaves nothing', async () => {
    const { offers } = await session.api.machines.creationOptions({});
    expect(offers.generalise).toEqual({ available: true, packages: [] });
    const machine = await make({ name: 'empty' });
    const { id } = await session.api.images.createTemplate({ machineId: machine.id, name: 'none' });
    expect(await ended(id)).toMatchObject({ state: 'failed', error: { code: 'UNSUPPORTED' } });
    expect(await files('images')).toEqual([]);
    expect(await files('incoming')).toEqual([]);
    await purge(machine);
    const windows = await make({ name: 'windows', presetId: 'windows-10' });
    await expect(
      session.api.images.createTemplate({ machineId: windows.id, name: 'none' }),
    ).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await purge(windows);
  }, 180_000);
});

async function find(name: string): Promise<Image> {
  return only((await session.api.images.list({})).filter((image) => image.name === name));
}

async function variables({ name }: Machine): Promise<{ nvram: string }> {
  const xml = await libvirtd.virsh('dumpxml', '--inactive', name);
  return { nvram: /<nvram[^>]*>([^<]+)</.exec(xml)?.[1] ?? '' };
}
