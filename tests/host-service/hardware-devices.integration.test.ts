import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HardwareEditInput, MachineId } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestShell, guestShows } from '../fixtures/guest-shell.ts';
import { connectRpc } from '../fixtures/rpc-client.ts';
import { type HardwareHost, startHardwareHost } from './hardware-host.ts';

/** Firmware and devices of a machine, looked at from inside it. */

let host: HardwareHost;
let id: MachineId;
let shared: string;
const NAME = 'devices';

beforeAll(async () => {
  host = await startHardwareHost();
  id = await host.define(NAME);
  shared = join(host.libvirtd.imagesDir, 'shared');
  await mkdir(shared);
  await chmod(shared, 0o777);
  await writeFile(join(shared, 'greeting'), 'hello');
}, 600_000);

afterAll(() => host?.stop());

const inGuest = (command: string): Promise<string> => guestShell(host.libvirtd, NAME, command);
const results = async (edits: readonly HardwareEditInput[]) => (await host.edit(id, edits)).results;
const refusal = async (edit: HardwareEditInput) => (await results([edit]))[0];
/** LIMEN's files of UEFI variables. */
const variables = async () => {
  const files = await readdir(host.machinesDir).catch(() => []);
  return files.filter((name) => name.endsWith('.nvram.fd'));
};

test('a machine that is off is given devices, and starts with them', async () => {
  const edits: HardwareEditInput[] = [
    { type: 'set-firmware', firmware: 'uefi', secureBoot: false },
    { type: 'set-tpm', present: true },
    { type: 'set-video', model: 'virtio', heads: 2 },
    { type: 'set-sound', model: 'ich9' },
    { type: 'set-watchdog', model: 'i6300esb', action: 'none' },
    { type: 'add-serial' },
    { type: 'add-folder', path: shared, tag: 'shared', driver: 'virtiofs', readonly: false },
  ];
  expect(await results(edits)).toEqual(edits.map(() => ({ outcome: 'applied' })));
  const { stored } = await host.get(id);
  expect(stored).toMatchObject({
    firmware: { type: 'uefi', secureBoot: false },
    tpm: { model: 'tpm-crb', version: '2.0', emulated: true },
    video: { model: 'virtio', heads: 2 },
    sound: 'ich9',
    watchdog: { model: 'i6300esb', action: 'none' },
    serialPorts: [{ port: 0 }, { port: 1 }],
    sharedFolders: [{ tag: 'shared', path: shared, driver: 'virtiofs', readonly: false }],
  });
  await host.boot(NAME);
  expect(await inGuest('cat /sys/firmware/efi/fw_platform_size')).toBe('64');
  // The TPM as ACPI names it; Intel's sound card and watchdog, and the screen.
  expect(await inGuest('ls /sys/bus/acpi/devices')).toContain('MSFT0101:00');
  const cards = await inGuest('for d in /sys/bus/pci/devices/*; do echo $(cat $d/vendor $d/device); done');
  expect(cards.split('\n')).toEqual(
    expect.arrayContaining(['0x8086 0x293e', '0x8086 0x25ab', '0x1af4 0x1050']),
  );
  expect(await inGuest('grep -c "uart:16550A" /proc/tty/driver/serial')).toBe('2');
  await inGuest('modprobe virtiofs && mkdir -p /mnt/shared && mount -t virtiofs shared /mnt/shared');
  expect(await inGuest('cat /mnt/shared/greeting && echo back > /mnt/shared/answer')).toBe('hello');
  expect(await readdir(shared)).toEqual(['answer', 'greeting']);
  expect(await variables()).toHaveLength(1);
}, 300_000);

test('its random generator comes and goes while it runs', async () => {
  const available = 'cat /sys/class/misc/hw_random/rng_available';
  const shows = (matches: (output: string) => boolean) =>
    guestShows(host.libvirtd, NAME, { command: available, matches });
  await shows((output) => output.includes('virtio_rng'));
  expect(await results([{ type: 'set-rng', present: false }])).toEqual([{ outcome: 'applied' }]);
  await shows((output) => !output.includes('virtio_rng'));
  expect((await host.get(id)).live?.rng).toBe(false);
  expect(await results([{ type: 'set-rng', present: true }])).toEqual([{ outcome: 'applied' }]);
  await shows((output) => output.includes('virtio_rng'));
});

test('firmware and its variables are of a machine that is off', async () => {
  expect(await refusal({ type: 'set-firmware', firmware: 'bios', secureBoot: false })).toMatchObject({
    outcome: 'refused',
    code: 'CONFLICT',
  });
  expect(await refusal({ type: 'reset-nvram' })).toMatchObject({ outcome: 'refused', code: 'CONFLICT' });
  await host.libvirtd.virsh('destroy', NAME);
  expect(await results([{ type: 'reset-nvram' }])).toEqual([{ outcome: 'applied' }]);
  expect(await variables()).toEqual([]);
  await host.libvirtd.virsh('start', NAME, '--paused');
  expect(await variables()).toHaveLength(1);
  await host.libvirtd.virsh('destroy', NAME);
  const back: HardwareEditInput = { type: 'set-firmware', firmware: 'bios', secureBoot: false };
  expect(await results([back])).toEqual([{ outcome: 'applied' }]);
  expect(await variables()).toEqual([]);
  expect(await refusal({ type: 'reset-nvram' })).toMatchObject({ outcome: 'refused', code: 'INVALID_INPUT' });
});

test.each<[string, HardwareEditInput, string]>([
  ['Secure Boot without UEFI', { type: 'set-firmware', firmware: 'bios', secureBoot: true }, 'INVALID_INPUT'],
  ['two monitors of a card for one', { type: 'set-video', model: 'vga', heads: 2 }, 'INVALID_INPUT'],
  ['a serial port that is not there', { type: 'remove-serial', port: 9 }, 'NOT_FOUND'],
  ['a folder that is not there', { type: 'remove-folder', tag: 'gone' }, 'NOT_FOUND'],
  [
    'a folder of the host that is none',
    { type: 'add-folder', path: '/etc/passwd', tag: 'a', driver: 'virtiofs', readonly: false },
    'NOT_FOUND',
  ],
  [
    'the same tag twice',
    { type: 'add-folder', path: '/usr', tag: 'shared', driver: 'virtiofs', readonly: false },
    'INVALID_INPUT',
  ],
  [
    'what virtiofs cannot',
    { type: 'add-folder', path: '/usr', tag: 'usr', driver: 'virtiofs', readonly: true },
    'INVALID_INPUT',
  ],
  [
    'a folder that QEMU may not read',
    { type: 'add-folder', path: '/root', tag: 'root', driver: '9p', readonly: true },
    'INVALID_INPUT',
  ],
  [
    'a folder that QEMU may not write to',
    { type: 'add-folder', path: '/usr', tag: 'usr', driver: '9p', readonly: false },
    'INVALID_INPUT',
  ],
])('%s is refused', async (_what, edit, code) => {
  const { revision } = await host.get(id);
  expect(await refusal(edit)).toMatchObject({ outcome: 'refused', code });
  expect((await host.get(id)).revision).toBe(revision);
});

test('folders of the host are for administrators', async () => {
  const { api } = host.session;
  const credentials = { username: 'owner', password: 'correct horse battery' };
  const owner = await api.users.create({ ...credentials, role: 'user' });
  await api.machines.setOwner({ machineId: id, userId: owner.id });
  const client = await connectRpc({ url: `wss://${host.service.address}` });
  try {
    await client.api.session.signIn({ ...credentials, device: 'test' });
    const { revision } = await host.get(id);
    const folder: HardwareEditInput = {
      type: 'add-folder',
      path: '/usr',
      tag: 'usr',
      driver: '9p',
      readonly: true,
    };
    const answer = await client.api.hardware.edit({ machineId: id, revision, edits: [folder], when: 'now' });
    expect(answer.results).toMatchObject([{ outcome: 'refused', code: 'FORBIDDEN' }]);
  } finally {
    await client.close();
  }
});
