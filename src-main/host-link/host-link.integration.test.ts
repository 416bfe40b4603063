import { EventEmitter, once } from 'node:events';
import type { MachineId } from '@limen/contract';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bootGuest, type Guest } from '../../tests/fixtures/guest.ts';
import { type HostService, startHostService } from '../../tests/fixtures/host-service.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../tests/fixtures/libvirtd.ts';
import { makePrivateNetwork, type PrivateNetwork } from '../../tests/fixtures/network.ts';
import { runConsoleSession, type ConsolePort } from '../console/console-session.ts';
import { DesktopDisk, DesktopLinks } from '../test-support/desktop-links.ts';
import { OTHER_FINGERPRINT } from '../test-support/fake-host.ts';

let libvirtd: PrivateLibvirtd;
let network: PrivateNetwork;
let service: HostService;
let guest: Guest;
const disks: DesktopDisk[] = [];
const desktops: DesktopLinks[] = [];

beforeAll(async () => {
  libvirtd = await startLibvirtd();
  network = await makePrivateNetwork();
  guest = await bootGuest(libvirtd, { name: 'web-1' });
  service = await startHostService({ libvirtd, network });
});

afterAll(async () => {
  await service?.stop();
  await network?.remove();
  await libvirtd?.stop();
});

afterEach(() => {
  for (const desktop of desktops.splice(0)) desktop.close();
  for (const disk of disks.splice(0)) disk.remove();
});

function newDisk(): DesktopDisk {
  const disk = new DesktopDisk();
  disks.push(disk);
  return disk;
}

function start(disk = newDisk()): DesktopLinks {
  const desktop = new DesktopLinks(disk);
  desktops.push(desktop);
  desktop.links.start();
  return desktop;
}

async function paired(disk = newDisk()): Promise<DesktopLinks> {
  const desktop = start(disk);
  await desktop.links.pair(await service.pairingLink());
  await desktop.untilState('live');
  return desktop;
}

function machineOf(desktop: DesktopLinks, name: string) {
  const link = desktop.links.get(desktop.view.id);
  return link.store.snapshot()?.machines.find((machine) => machine.name === name);
}

test('a pairing link leads to a live inventory and metrics', async () => {
  const desktop = await paired();
  expect(desktop.view).toMatchObject({ name: 'alpha', error: null, user: { role: 'administrator' } });
  expect(machineOf(desktop, 'web-1')).toMatchObject({ state: 'running', consoles: { vnc: true } });
  await desktop.until(() => desktop.metrics.some((event) => event.type === 'frame'));
  expect(desktop.metrics[0]?.type).toBe('layout');
});

test('a probe shows the certificate without trusting it, and signing in with the password works', async () => {
  const desktop = start();
  const probe = await desktop.links.probe(service.address);
  expect(probe).toMatchObject({ fingerprint: service.fingerprint, hostName: 'alpha', compatible: true });
  const link = desktop.links.add(probe.address, probe.fingerprint);
  await desktop.untilState('needs-sign-in');
  const { username, password } = service.administrator;
  const wrong = link.signIn({ username, password: `${password}x`, remember: false });
  await expect(wrong).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    data: { reason: 'wrong-credentials' },
  });
  await link.signIn({ username, password, remember: false });
  await desktop.untilState('live');
});

test('another certificate than the pinned one gets no byte of ours', async () => {
  const disk = newDisk();
  const before = await paired(disk);
  const { id } = before.view;
  before.close();
  disk.records = disk.records.map((record) => ({ ...record, fingerprint: OTHER_FINGERPRINT }));
  const token = disk.tokens.get(id)?.token;
  const desktop = start(disk);
  await desktop.untilState('untrusted');
  expect(desktop.view.error).toMatchObject({
    code: 'CERTIFICATE_CHANGED',
    data: { expected: OTHER_FINGERPRINT, actual: service.fingerprint },
  });
  expect(disk.tokens.get(id)?.token).toBe(token);
});

test('what virsh does shows up by itself', async () => {
  const desktop = await paired();
  await libvirtd.virsh('suspend', 'web-1');
  await desktop.until(() => machineOf(desktop, 'web-1')?.state === 'paused');
  const machineId = machineOf(desktop, 'web-1')?.id as MachineId;
  const link = desktop.links.get(desktop.view.id);
  await link.call((client, signal) => client.machines.power({ machineId, action: 'resume' }, { signal }));
  await desktop.until(() => machineOf(desktop, 'web-1')?.state === 'running');
});

test('a killed host is noticed at once and comes back without a click, from the cache in between', async () => {
  const disk = newDisk();
  const desktop = await paired(disk);
  await service.kill();
  await desktop.untilState('waiting');
  expect(desktop.view.syncedAt).not.toBeNull();
  desktop.close();

  const restarted = start(disk);
  const cached = [...restarted.links.inventories()];
  expect(cached).toMatchObject([{ cached: true, event: { machines: [{ name: 'web-1' }] } }]);
  await service.start();
  await restarted.untilState('live', 30_000);
  expect(restarted.inventory.at(-1)?.cached).toBe(false);
});

test('a cut line leaves live within 15 s, and live is back after it is mended', async () => {
  const desktop = await paired();
  await network.cut();
  try {
    expect(await desktop.untilState('waiting', 20_000)).toBeLessThan(15_000);
  } finally {
    await network.restore();
  }
  await desktop.untilState('live', 30_000);
});

test('a console carries the guest’s own bytes, and says so when the guest is switched off', async () => {
  const desktop = await paired();
  const machineId = machineOf(desktop, 'web-1')?.id as MachineId;
  const messages: unknown[] = [];
  const greeting = new EventEmitter();
  const greeted = once(greeting, 'bytes');
  const port: ConsolePort = {
    postMessage: (message) => {
      messages.push(message);
      if (message instanceof ArrayBuffer) greeting.emit('bytes');
    },
    onMessage: () => {},
    onClose: () => {},
    close: () => {},
  };
  const session = runConsoleSession(desktop.links.get(desktop.view.id), { machineId, kind: 'vnc' }, port);
  await greeted;
  expect(messages[0]).toEqual({ type: 'opened' });
  expect(Buffer.from(messages[1] as ArrayBuffer).toString()).toBe('RFB 003.008\n');
  await libvirtd.virsh('destroy', 'web-1');
  await session;
  expect(messages.at(-1)).toEqual({ type: 'closed', reason: 'guest', error: null });
  await guest.start();
});

test('signing out ends the session on the host too', async () => {
  const disk = newDisk();
  const desktop = await paired(disk);
  const { id } = desktop.view;
  const token = disk.tokens.get(id)?.token ?? '';
  await desktop.links.get(id).signOut();
  await desktop.untilState('needs-sign-in');
  expect(machineOf(desktop, 'web-1')).toBeUndefined();
  disk.tokens.get(id)?.write(token);
  desktop.links.get(id).retry();
  await desktop.until(() => disk.tokens.get(id)?.token === null);
  await desktop.untilState('needs-sign-in');
});
