import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Image, type JobId, type Machine, type MachineId, type NewMachineInput } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeGuestMedia } from '../fixtures/guest-media.ts';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { jobEnded } from '../fixtures/jobs.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { watchMachine } from '../fixtures/machine-events.ts';
import { privateStorage } from '../fixtures/private-storage.ts';
import { type AdministratorSession, InventoryWatcher, signIn } from './session.ts';

/** Machines that are made to boot: a small system, installed from a medium or set up by its seed. */

const MIB = 2 ** 20;

let libvirtd: PrivateLibvirtd;
let service: HostService;
let session: AdministratorSession;
let images: readonly Image[];

beforeAll(async () => {
  libvirtd = await startLibvirtd();
  const scanned = join(libvirtd.imagesDir, 'scanned');
  await mkdir(scanned);
  await makeGuestMedia(scanned);
  const { environment } = await privateStorage(libvirtd, { scanDirectories: [scanned] });
  service = await startHostService({ libvirtd, environment });
  session = await signIn(service);
  images = (await session.api.images.scan({})).added;
});

afterAll(async () => {
  await service?.stop();
  await libvirtd?.stop();
});

function imageId(kind: Image['kind']): Image['id'] {
  const found = images.find((image) => image.kind === kind);
  if (found === undefined) throw new Error(`no image of kind ${kind} among ${JSON.stringify(images)}`);
  return found.id;
}

async function create(change: Pick<NewMachineInput, 'name' | 'source'>): Promise<MachineId> {
  const [started] = await session.api.machines.create({
    presetId: 'linux',
    vcpus: 1,
    memoryBytes: 256 * MIB,
    diskBytes: 256 * MIB,
    network: { type: 'none' },
    hardware: { firmware: 'bios' },
    startAfterCreation: false,
    ...change,
  });
  if (started === undefined) throw new Error('nothing was started');
  await done(started.jobId);
  return started.machineId;
}

async function done(jobId: JobId): Promise<void> {
  expect(await jobEnded(session.api, jobId)).toMatchObject({ state: 'done', error: null });
}

/** Of `guest-exec` and `guest-exec-status` (qemu-ga's reference). */
interface AgentAnswer {
  readonly pid?: number;
  readonly exited?: boolean;
  /** Base64. */
  readonly 'out-data'?: string;
}

/** What a program in the guest prints. */
async function inGuest(name: string, path: string, ...args: string[]): Promise<string> {
  const ask = async (execute: string, fields: object): Promise<AgentAnswer> => {
    const command = JSON.stringify({ execute, arguments: fields });
    const answer = await libvirtd.virsh('qemu-agent-command', name, command);
    return (JSON.parse(answer) as { return: AgentAnswer }).return;
  };
  const { pid } = await ask('guest-exec', { path, arg: args, 'capture-output': true });
  for (;;) {
    const status = await ask('guest-exec-status', { pid });
    if (status.exited === true) return Buffer.from(status['out-data'] ?? '', 'base64').toString();
  }
}

async function purge(machineId: MachineId): Promise<void> {
  await session.api.machines.delete({ machineId });
  await done((await session.api.machines.purge({ machineId })).id);
}

test('a system that is there boots with what its seed says', async () => {
  const cloudInit = {
    hostname: 'seeded',
    sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ann'],
    password: 'a secret',
  };
  const source = { type: 'cloud', imageId: imageId('disk'), cloudInit } as const;
  const machineId = await create({ name: 'cloud', source });
  const events = await watchMachine(libvirtd.uri, 'cloud');
  await session.api.machines.power({ machineId, action: 'start' });
  await events.until(" state: 'connected'", 60_000);
  expect(await inGuest('cloud', '/bin/hostname')).toBe('seeded\n');
  expect(await inGuest('cloud', '/bin/cat', '/root/.ssh/authorized_keys')).toContain('ssh-ed25519 AAAAC3');
  await events.close();
  await purge(machineId);
  expect(await readdir(join(libvirtd.imagesDir, 'limen/machines'))).toEqual([]);
  expect(await service.log()).not.toContain('a secret');
});

test('an installation from a medium ends by itself: the medium is ejected and the disk boots', async () => {
  const machineId = await create({ name: 'fresh', source: { type: 'iso', imageId: imageId('iso') } });
  const machine = await session.api.machines.get({ machineId });
  expect(machine).toMatchObject({ installing: true, disks: [{ bootOrder: 2 }, { bootOrder: 1 }] });
  const events = await watchMachine(libvirtd.uri, 'fresh');
  const watcher = new InventoryWatcher(session);
  await session.api.machines.power({ machineId, action: 'start' });
  const isInstalled = ({ id, installing, state }: Machine) =>
    id === machineId && !installing && state === 'running';
  await watcher.until(
    'the installed system runs',
    (event) => (event.type === 'snapshot' ? event.machines : event.upserted).some(isInstalled),
    { timeoutMs: 120_000 },
  );
  events.clear();
  await events.until(" state: 'connected'", 60_000);
  expect(await inGuest('fresh', '/bin/cat', '/proc/cmdline')).toContain('limen.mode=installed');
  const after = await session.api.machines.get({ machineId });
  expect(after.disks.map(({ source, bootOrder }) => [source !== null, bootOrder])).toEqual([
    [true, 1],
    [false, 2],
  ]);
  await watcher.close();
  await events.close();
  await purge(machineId);
}, 240_000);

test('a machine that is forced off while it is installed stays as it is', async () => {
  const machineId = await create({ name: 'stopped', source: { type: 'iso', imageId: imageId('iso') } });
  await session.api.machines.power({ machineId, action: 'start' });
  const off = await session.api.machines.power({ machineId, action: 'destroy' });
  expect(off).toMatchObject({ state: 'off', installing: true });
  expect(await session.api.machines.finishInstallation({ machineId })).toMatchObject({
    state: 'off',
    installing: false,
    disks: [{ bootOrder: 1 }, { source: null, bootOrder: 2 }],
  });
  await purge(machineId);
});
