import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageId, JobId, Machine, MachineId, NewMachineInput } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCloudImage } from '../fixtures/cloud-image.ts';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { jobEnded } from '../fixtures/jobs.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { type PrivateStorage, privateStorage } from '../fixtures/private-storage.ts';
import { openSerialConsole, type SerialConsole } from '../fixtures/serial-console.ts';
import { type AdministratorSession, InventoryWatcher, signIn } from '../host-service/session.ts';

/** The way most machines are made, from end to end: a real cloud image, real cloud-init, a person at the console. */

const GIB = 2 ** 30;
/** A minute on a host with nothing else to do. */
const BOOT_MS = 600_000;
const TEST_MS = 1_800_000;

const sshKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ann';
const account = { user: 'ann', password: 'correct horse, battery: "staple"' } as const;

let libvirtd: PrivateLibvirtd;
let storage: PrivateStorage;
let service: HostService;
let session: AdministratorSession;

beforeAll(async () => {
  libvirtd = await startLibvirtd();
  const scanned = join(libvirtd.imagesDir, 'scanned');
  await mkdir(scanned);
  await copyFile(await buildCloudImage(), join(scanned, 'debian-12-cloud.qcow2'));
  storage = await privateStorage(libvirtd, { scanDirectories: [scanned] });
  service = await startHostService({ libvirtd, environment: storage.environment });
  session = await signIn(service);
}, 1_200_000);

afterAll(async () => {
  await service?.stop();
  await libvirtd?.stop();
});

/** Make it and start it; the console is there from its first moment. */
async function boot(change: Pick<NewMachineInput, 'name' | 'source' | 'hardware'>): Promise<Booted> {
  const [started] = await session.api.machines.create({
    presetId: 'debian-12',
    vcpus: 2,
    memoryBytes: GIB,
    diskBytes: 4 * GIB,
    network: { type: 'user' },
    startAfterCreation: true,
    ...change,
  });
  if (started === undefined) throw new Error('nothing was started');
  await done(started.jobId);
  const serial = await openSerialConsole(libvirtd, started.machineId);
  return { machineId: started.machineId, serial };
}

interface Booted {
  readonly machineId: MachineId;
  readonly serial: SerialConsole;
}

async function done(jobId: JobId): Promise<void> {
  expect(await jobEnded(session.api, jobId)).toMatchObject({ state: 'done', error: null });
}

/** As a person does: once the system says that it is set up. */
async function logIn(serial: SerialConsole, hostname: string): Promise<void> {
  await serial.until(/Cloud-init v\. .* finished at/, BOOT_MS);
  await serial.say('');
  await serial.until(new RegExp(`${hostname} login:`));
  await serial.say(account.user);
  await serial.until(/Password:/);
  await serial.say(account.password);
  await serial.until(new RegExp(`${account.user}@${hostname}:~\\$`));
}

async function shutDown(machineId: MachineId): Promise<void> {
  const watcher = new InventoryWatcher(session);
  await session.api.machines.power({ machineId, action: 'shutdown' });
  const isOff = ({ id, state }: Machine): boolean => id === machineId && state === 'off';
  await watcher.until(
    'it is off',
    (event) => (event.type === 'snapshot' ? event.machines : event.upserted).some(isOff),
    { timeoutMs: 120_000 },
  );
  await watcher.close();
}

async function purge(machineId: MachineId): Promise<void> {
  await session.api.machines.delete({ machineId });
  await done((await session.api.machines.purge({ machineId })).id);
}

async function onlyImage(): Promise<ImageId> {
  const { added, refused } = await session.api.images.scan({});
  expect(refused).toEqual([]);
  expect(added).toMatchObject([{ kind: 'disk', format: 'qcow2', presetId: 'debian-12' }]);
  const [image] = added;
  if (image === undefined) throw new Error('the scan found nothing');
  return image.id;
}

/** What makes a system the one it is. */
async function identity(serial: SerialConsole): Promise<Record<'machine' | 'hostKey', string>> {
  return {
    machine: await serial.ask('cat /etc/machine-id'),
    hostKey: await serial.ask('cut -d" " -f2 /etc/ssh/ssh_host_ed25519_key.pub'),
  };
}

test(
  'a cloud image boots as it was asked to, and so does a copy of a template made from it',
  async () => {
    const network = { type: 'static', address: '10.0.2.77/24', gateway: '10.0.2.2' } as const;
    const first = await boot({
      name: 'first',
      source: {
        type: 'cloud',
        imageId: await onlyImage(),
        cloudInit: { ...account, hostname: 'one', sshKeys: [sshKey], network },
      },
      hardware: { firmware: 'bios' },
    });
    await logIn(first.serial, 'one');
    expect(await first.serial.ask('hostname')).toBe('one');
    expect(await first.serial.ask('whoami')).toBe('ann');
    expect(await first.serial.ask('cloud-init status')).toBe('status: done');
    expect(await first.serial.ask('cat ~/.ssh/authorized_keys')).toBe(sshKey);
    expect(await first.serial.ask('sudo id -un')).toBe('root');
    expect(await first.serial.ask('ip -4 -brief address show scope global')).toContain(network.address);
    expect(Number(await first.serial.ask('df --output=size -B1 / | tail -1'))).toBeGreaterThan(3.5 * GIB);
    const before = await identity(first.serial);
    await first.serial[Symbol.asyncDispose]();
    await shutDown(first.machineId);

    const making = await session.api.images.createTemplate({
      machineId: first.machineId,
      name: 'golden',
      generalise: true,
    });
    await done(making.id);
    const template = making.subject.imageId;
    if (template === null) throw new Error('the job names no image');

    const second = await boot({
      name: 'second',
      source: {
        type: 'template',
        imageId: template,
        mode: 'linked',
        cloudInit: { ...account, hostname: 'two' },
      },
      hardware: {},
    });
    await logIn(second.serial, 'two');
    expect(await second.serial.ask('hostname')).toBe('two');
    expect(await second.serial.ask('cloud-init status')).toBe('status: done');
    expect(await second.serial.ask('ip -4 -brief address show scope global')).toContain('10.0.2.15/24');
    const after = await identity(second.serial);
    expect(after.machine).toMatch(/^[0-9a-f]{32}$/);
    expect(after.machine).not.toBe(before.machine);
    expect(after.hostKey).toMatch(/^AAAA/);
    expect(after.hostKey).not.toBe(before.hostKey);
    await second.serial[Symbol.asyncDispose]();

    await session.api.machines.power({ machineId: second.machineId, action: 'destroy' });
    await purge(second.machineId);
    await purge(first.machineId);
    await session.api.images.delete({ imageId: template });
    expect(await readdir(join(storage.directory, 'machines'))).toEqual([]);
    expect(await readdir(join(storage.directory, 'images'))).toEqual([]);
    expect(await service.log()).not.toContain(account.password);
  },
  TEST_MS,
);
