import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Image, type Job, type JobId, type NewMachineInput } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { jobEnded } from '../fixtures/jobs.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { privateStorage } from '../fixtures/private-storage.ts';
import { connectRpc, type RpcClient } from '../fixtures/rpc-client.ts';
import { run } from '../fixtures/run.ts';
import { type AdministratorSession, signIn } from './session.ts';

/** Machines made, copied and deleted by the host service as a process of its own; none of them has to boot. */

const MIB = 2 ** 20;

let libvirtd: PrivateLibvirtd;
let service: HostService;
let session: AdministratorSession;
let storage: string;
let template: Image;

beforeAll(async () => {
  libvirtd = await startLibvirtd();
  const scanned = join(libvirtd.imagesDir, 'scanned');
  await mkdir(scanned);
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', join(scanned, 'template.qcow2'), '64M']);
  const { directory, environment } = await privateStorage(libvirtd, { scanDirectories: [scanned] });
  storage = directory;
  service = await startHostService({ libvirtd, environment });
  session = await signIn(service);
  const { added } = await session.api.images.scan({});
  const [found] = added;
  if (found === undefined) throw new Error('the template was not found');
  template = found;
});

afterAll(async () => {
  await service?.stop();
  await libvirtd?.stop();
});

function wish(change: Partial<NewMachineInput> = {}): NewMachineInput {
  return {
    source: { type: 'empty' },
    name: 'machine',
    presetId: 'linux',
    vcpus: 1,
    memoryBytes: 128 * MIB,
    diskBytes: 64 * MIB,
    network: { type: 'user' },
    hardware: { firmware: 'bios' },
    startAfterCreation: false,
    ...change,
  };
}

const ended = (jobId: JobId): Promise<Job> => jobEnded(session.api, jobId);

async function make(change: Partial<NewMachineInput> = {}) {
  const started = await session.api.machines.create(wish(change));
  for (const { jobId } of started) expect(await ended(jobId)).toMatchObject({ state: 'done', error: null });
  return Promise.all(started.map(({ machineId }) => session.api.machines.get({ machineId })));
}

async function purge(machineId: Image['usedBy'][number]['machineId']): Promise<void> {
  await session.api.machines.delete({ machineId });
  const job = await session.api.machines.purge({ machineId });
  expect(await ended(job.id)).toMatchObject({ state: 'done' });
}

/** Of any shape: what the contract refuses is what is tried. */
function seed(cloudInit: object): NewMachineInput['source'] {
  return { type: 'cloud', imageId: template.id, cloudInit } as unknown as NewMachineInput['source'];
}

function files(): Promise<string[]> {
  return readdir(join(storage, 'machines'));
}

describe('making', () => {
  test('a host says what it can make, and what is left', async () => {
    const { offers, capacity, chipsets } = await session.api.machines.creationOptions({});
    expect(offers).toMatchObject({ uefi: { available: true }, tpm: { available: true } });
    expect(chipsets).toContain('q35');
    expect(capacity.memoryAvailableBytes).toBeGreaterThan(MIB);
    expect(capacity.diskAvailableBytes).toBeGreaterThan(MIB);
  });

  test('an empty machine is defined with a disk, and leaves nothing when it is purged', async () => {
    const [machine] = await make({
      name: 'bare',
      tags: ['x'],
      description: 'nothing on it',
      autostart: true,
    });
    expect(machine).toMatchObject({
      name: 'bare',
      state: 'off',
      autostart: true,
      tags: ['x'],
      description: 'nothing on it',
      presetId: 'linux',
      owner: { username: 'admin' },
      installing: false,
    });
    expect(await files()).toEqual([expect.stringMatching(/^bare-[0-9a-f]{8}\.qcow2$/)]);
    if (machine) await purge(machine.id);
    expect(await files()).toEqual([]);
    expect(await libvirtd.virsh('list', '--all', '--name')).toBe('');
  });

  test('three at once from a template, linked, share its blocks and know it', async () => {
    const source = { type: 'template', imageId: template.id, mode: 'linked' } as const;
    const machines = await make({ name: 'web-{n}', count: 3, source, diskBytes: 128 * MIB });
    expect(machines.map(({ name }) => name)).toEqual(['web-1', 'web-2', 'web-3']);
    for (const { linkedTo, disks } of machines) {
      expect(linkedTo).toBe(template.id);
      const info = await run('qemu-img', ['info', '--output=json', disks[0]?.source ?? '']);
      expect(JSON.parse(info)).toMatchObject({
        'virtual-size': 128 * MIB,
        'full-backing-filename': template.path,
      });
    }
    for (const { id } of machines) await purge(id);
    expect(await files()).toEqual([]);
  });

  test('a full copy of a template needs nobody', async () => {
    const source = { type: 'template', imageId: template.id, mode: 'full' } as const;
    const [machine] = await make({ name: 'full', source });
    const info = await run('qemu-img', ['info', '--output=json', machine?.disks[0]?.source ?? '']);
    expect(JSON.parse(info)).not.toHaveProperty('full-backing-filename');
    expect(machine).toMatchObject({ linkedTo: null, imageId: template.id });
    if (machine) await purge(machine.id);
  });

  test('a disk that is there is used where it lies, and outlives its machine', async () => {
    const path = join(libvirtd.imagesDir, 'existing.qcow2');
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', path, '32M']);
    const [machine] = await make({ name: 'attached', source: { type: 'attach', path } });
    expect(machine?.disks[0]?.source).toBe(path);
    await expect(
      session.api.machines.create(wish({ name: 'other', source: { type: 'attach', path } })),
    ).rejects.toMatchObject({ code: 'CONFLICT', data: { reason: 'in-use', names: ['attached'] } });
    if (machine) {
      expect(await session.api.machines.deletionPlan({ machineId: machine.id })).toEqual([
        { path, bytes: expect.any(Number), managed: false, neededBy: [] },
      ]);
      await purge(machine.id);
    }
    expect(await run('qemu-img', ['info', path])).toContain('32 MiB');
  });
});

describe('refusing', () => {
  test.each([
    ['a path', () => wish({ name: '../evil' })],
    ['NUL', () => wish({ name: 'a\0b' })],
    ['300 characters', () => wish({ name: 'x'.repeat(300) })],
    ['an element', () => wish({ name: '<xml>' })],
    ['an emoji', () => wish({ name: 'x😀y' })],
    ['a hidden file', () => wish({ name: '.hidden' })],
    ['a full stop at the end', () => wish({ name: 'dot.' })],
    ['a line break', () => wish({ name: 'a\nb' })],
    ['a path in a pattern', () => wish({ name: '../{n}', count: 2 })],
    ['a NUL in the description', () => wish({ description: 'a\0b' })],
    ['a control character in the description', () => wish({ description: 'a\u001bb' })],
    ['half a character', () => wish({ description: '\ud83d' })],
    ['several of one name', () => wish({ name: 'same', count: 2 })],
    ['bad YAML', () => wish({ source: seed({ userData: '#cloud-config\na: [' }) })],
    ['no YAML mapping', () => wish({ source: seed({ userData: '#cloud-config\n- a' }) })],
    ['a user that is none', () => wish({ source: seed({ user: 'root:x' }) })],
    ['a password of two lines', () => wish({ source: seed({ password: 'a\nb' }) })],
    ['a key of two lines', () => wish({ source: seed({ sshKeys: ['ssh-rsa AAAA x\n- ssh-rsa B'] }) })],
    ['a host name that is none', () => wish({ source: seed({ hostname: 'a b' }) })],
    [
      'a gateway that is none',
      () => wish({ source: seed({ network: { type: 'static', address: '10.0.0.2/8', gateway: 'x' } }) }),
    ],
    [
      'a malformed address',
      () => wish({ source: seed({ network: { type: 'static', address: '1.2.3/4' } }) }),
    ],
    ['no such network', () => wish({ network: { type: 'network', name: 'nowhere' } })],
    ['Secure Boot without UEFI', () => wish({ hardware: { firmware: 'bios', secureBoot: true } })],
  ])('%s is INVALID_INPUT, before anything is made', async (_what, input) => {
    await expect(session.api.machines.create(input())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await files()).toEqual([]);
  });

  test('names that are one file name, and descriptions that are no XML, harm nobody', async () => {
    const description = ']]><limen:owner id="x"/> & \'"\t\n😀';
    const names = ['Web 1', 'web-1', 'web.1', 'ＷＥＢ_1', 'con', 'x.partial', 'limen-images'];
    const machines = [];
    for (const name of names) machines.push(...(await make({ name, description })));
    expect(machines.map(({ name }) => name)).toEqual(names);
    expect(new Set(machines.map(({ disks }) => disks[0]?.source)).size).toBe(names.length);
    for (const machine of machines)
      expect(machine).toMatchObject({ description, owner: { username: 'admin' } });
    for (const { id } of machines) await purge(id);
    expect(await files()).toEqual([]);
  });

  test('a name that is taken', async () => {
    const [machine] = await make({ name: 'taken-1' });
    await expect(session.api.machines.create(wish({ name: 'taken-{n}', count: 2 }))).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'name-taken', names: ['taken-1'] },
    });
    if (machine) await purge(machine.id);
  });

  test('more memory than the host has', async () => {
    await expect(
      session.api.machines.create(wish({ name: 'huge', memoryBytes: 2 ** 43 })),
    ).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', data: { scope: 'host', resource: 'memory' } });
  });
});

describe('a user', () => {
  const credentials = { username: 'ann', password: 'correct horse battery' };
  let client: RpcClient;

  beforeAll(async () => {
    const user = await session.api.users.create({ ...credentials, role: 'user' });
    await session.api.quotas.set({
      userId: user.id,
      limits: { machines: 2, vcpus: null, memoryBytes: null, diskBytes: null },
    });
    client = await connectRpc({ url: `wss://${service.address}` });
    await client.api.session.signIn({ ...credentials, device: 'test' });
  });
  afterAll(() => client.close());

  test('never has more than the quota, however many ask at once', async () => {
    const attempts = ['a', 'b', 'c', 'd'].map((name) => client.api.machines.create(wish({ name })));
    const outcomes = await Promise.allSettled(attempts);
    const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    expect(made).toHaveLength(2);
    for (const { jobId } of made) await ended(jobId);
    expect(await client.api.machines.list({})).toHaveLength(2);
    await expect(client.api.machines.create(wish({ name: 'e' }))).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      data: { scope: 'user', resource: 'machines', limit: 2, used: 2, requested: 1 },
    });
    for (const { machineId } of made) await purge(machineId);
    expect((await client.api.quotas.own({})).used).toEqual({
      machines: 0,
      vcpus: 0,
      memoryBytes: 0,
      diskBytes: 0,
    });
  });

  test('names no path of the host', async () => {
    const source = { type: 'attach', path: '/etc/shadow' } as const;
    await expect(client.api.machines.create(wish({ name: 'x', source }))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('deleting', () => {
  test('keeps everything in the trash until it is purged', async () => {
    const [machine] = await make({
      name: 'precious',
      presetId: 'windows-11',
      hardware: {},
      autostart: true,
      startAfterCreation: true,
    });
    if (machine === undefined) throw new Error('no machine');
    const { id: machineId } = machine;
    expect(machine.state).toBe('running');
    const before = await files();
    expect(before).toHaveLength(2);

    const trashed = await session.api.machines.delete({ machineId });
    expect(trashed).toMatchObject({
      state: 'off',
      autostart: false,
      trashed: { name: 'precious', by: 'admin' },
    });
    expect(trashed.name).not.toBe('precious');
    expect(await session.api.machines.list({})).toEqual([]);
    expect(await files()).toEqual(before);
    const inTrash = { code: 'CONFLICT', data: { reason: 'in-trash' } };
    await expect(session.api.machines.power({ machineId, action: 'start' })).rejects.toMatchObject(inTrash);
    await expect(session.api.machines.delete({ machineId })).rejects.toMatchObject(inTrash);

    const [successor] = await make({ name: 'precious' });
    await expect(session.api.machines.restore({ machineId })).rejects.toMatchObject({
      data: { reason: 'name-taken' },
    });
    expect(await session.api.machines.restore({ machineId, name: 'kept' })).toMatchObject({
      name: 'kept',
      autostart: true,
      trashed: null,
    });
    await session.api.machines.power({ machineId, action: 'start' });
    await expect(session.api.machines.purge({ machineId })).rejects.toMatchObject({
      data: { reason: 'not-in-trash' },
    });
    await purge(machineId);
    if (successor) await purge(successor.id);
    expect(await files()).toEqual([]);
    expect(await readdir(join(libvirtd.imagesDir, '..', 'swtpm'))).toEqual([]);
  });
});

describe('copying', () => {
  test('a full clone needs nothing of its source', async () => {
    const [source] = await make({ name: 'original' });
    if (source === undefined) throw new Error('no machine');
    const { jobId, machineId } = await session.api.machines.clone({
      machineId: source.id,
      name: 'copy',
      mode: 'full',
    });
    expect(await ended(jobId)).toMatchObject({ state: 'done' });
    const copy = await session.api.machines.get({ machineId });
    expect(copy).toMatchObject({ name: 'copy', owner: source.owner, linkedTo: null });
    expect(copy.interfaces[0]?.mac).not.toBe(source.interfaces[0]?.mac);
    await purge(source.id);
    await session.api.machines.power({ machineId, action: 'start' });
    await purge(machineId);
    expect(await files()).toEqual([]);
  });

  test('a linked clone makes a protected base of what both share, and can be made to stand alone', async () => {
    const [source] = await make({ name: 'parent' });
    if (source === undefined) throw new Error('no machine');
    const { jobId, machineId } = await session.api.machines.clone({
      machineId: source.id,
      name: 'child',
      mode: 'linked',
    });
    expect(await ended(jobId)).toMatchObject({ state: 'done', error: null });
    const [parent, child] = await Promise.all(
      [source.id, machineId].map((id) => session.api.machines.get({ machineId: id })),
    );
    expect(child?.linkedTo).not.toBeNull();
    expect(parent?.linkedTo).toBe(child?.linkedTo);
    for (const id of [source.id, machineId])
      await session.api.machines.power({ machineId: id, action: 'start' });
    await session.api.machines.power({ machineId, action: 'destroy' });

    const flattened = await session.api.machines.flatten({ machineId });
    expect(await ended(flattened.id)).toMatchObject({ state: 'done' });
    expect((await session.api.machines.get({ machineId })).linkedTo).toBeNull();
    await expect(session.api.machines.flatten({ machineId })).rejects.toMatchObject({
      data: { reason: 'no-base' },
    });
    // One that runs, too.
    const live = await session.api.machines.flatten({ machineId: source.id });
    expect(await ended(live.id)).toMatchObject({ state: 'done', error: null });
    await Promise.all([purge(source.id), purge(machineId)]);
    expect(await files()).toEqual([]);
  });
});

test('name, description, tags and boot order can be changed', async () => {
  const [machine] = await make({ name: 'before' });
  if (machine === undefined) throw new Error('no machine');
  const { id: machineId } = machine;
  const change = { name: 'after', description: 'changed', tags: ['new'], autostart: true };
  expect(await session.api.machines.update({ machineId, ...change })).toMatchObject(change);
  const [mac] = machine.interfaces.map((nic) => nic.mac);
  const ordered = await session.api.machines.setBootOrder({ machineId, devices: [mac ?? '', 'vda'] });
  expect(ordered.disks[0]?.bootOrder).toBe(2);
  await expect(session.api.machines.setBootOrder({ machineId, devices: ['vdz'] })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  await purge(machineId);
});
