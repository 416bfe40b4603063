import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EditResult,
  type Hardware,
  type HardwareEditInput,
  type HardwareSet,
  type MachineId,
  soundModel,
  videoModel,
  watchdogAction,
  watchdogModel,
} from '@limen/contract';
import { type Arbitrary, constantFrom, nat, record, sample } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HardwareHost, MIB, startHardwareHost } from './hardware-host.ts';

/** Edits at random: each is made and seen, or refused with a reason, and the machine starts after every one. */

const EDITS = Number(process.env['LIMEN_TEST_RANDOM_EDITS'] ?? 40);
/** The same in every `npm test`, whose result is to speak of the change it tests; others find more. */
const SEED = Number(process.env['LIMEN_TEST_SEED'] ?? 20);
const NAME = 'random';

let host: HardwareHost;
let id: MachineId;
/** A folder that everybody may write to. */
let shared: string;

beforeAll(async () => {
  host = await startHardwareHost();
  id = await host.define(NAME);
  shared = join(host.libvirtd.imagesDir, 'shared');
  await mkdir(shared);
  await chmod(shared, 0o777);
}, 600_000);

afterAll(() => host?.stop());

interface Choice {
  readonly kind: HardwareEditInput['type'];
  readonly a: number;
  readonly b: number;
}

const choices: Arbitrary<Choice> = record({
  kind: constantFrom(
    'set-vcpus',
    'set-cpu',
    'set-memory',
    'add-disk',
    'add-drive',
    'update-disk',
    'grow-disk',
    'remove-disk',
    'change-media',
    'add-interface',
    'update-interface',
    'remove-interface',
    'set-boot-order',
    'set-firmware',
    'reset-nvram',
    'set-tpm',
    'set-video',
    'set-sound',
    'set-rng',
    'set-watchdog',
    'add-serial',
    'remove-serial',
    'add-folder',
    'remove-folder',
  ),
  a: nat(1000),
  b: nat(1000),
});

/** Something of the kind that may or may not make sense for the machine as it is. */
function editOf({ kind, a, b }: Choice, set: HardwareSet): HardwareEditInput {
  const { disks, interfaces, vcpus, serialPorts, sharedFolders } = set;
  const disk = pick(disks, a)?.target ?? 'vdq';
  const mac = pick(interfaces, a)?.mac ?? '52:54:00:00:00:01';
  switch (kind) {
    case 'set-vcpus':
      return { type: kind, current: 1 + (a % 5), maximum: 1 + (b % 5) };
    case 'set-cpu':
      return {
        type: kind,
        mode: pick(['maximum', 'host-model', 'host-passthrough', 'custom', null] as const, a) ?? null,
        model: a % 5 === 3 ? (pick(['qemu64', 'Nehalem', 'no-such-model'], b) ?? null) : null,
        topology: b % 2 === 0 ? null : { sockets: 1, cores: vcpus.maximum, threads: 1 },
      };
    case 'set-memory':
      return {
        type: kind,
        currentBytes: (128 + (a % 9) * 16) * MIB,
        maximumBytes: (128 + (b % 9) * 16) * MIB,
      };
    case 'add-disk':
      return {
        type: kind,
        source: { type: 'new', sizeBytes: (1 + (a % 64)) * MIB },
        bus: busOf(b),
        cache: pick(['default', 'writeback', 'none', 'unsafe'] as const, a) ?? 'default',
      };
    case 'add-drive':
      return { type: kind, bus: pick(['sata', 'ide', 'scsi'] as const, a) ?? 'sata', imageId: null };
    case 'update-disk':
      return {
        type: kind,
        target: disk,
        ...(b % 2 === 0 && { bus: busOf(b >> 1) }),
        ...(b % 3 === 0 && { cache: 'directsync' as const }),
        ...(b % 5 === 0 && {
          ioLimits: {
            readBytesPerSecond: a * 1024,
            writeBytesPerSecond: b * 1024,
            readOperationsPerSecond: a % 100,
            writeOperationsPerSecond: 0,
          },
        }),
      };
    case 'grow-disk':
      return { type: kind, target: disk, sizeBytes: (1 + (b % 128)) * MIB };
    case 'remove-disk':
      return { type: kind, target: disk, deleteFile: b % 2 === 0 };
    case 'change-media':
      return { type: kind, target: disk, imageId: null };
    case 'add-interface':
      return { type: kind, network: { type: 'user' }, model: modelOf(a), ...(b % 4 === 0 && { mac }) };
    case 'update-interface':
      return {
        type: kind,
        mac,
        ...(b % 2 === 0 && { linkUp: a % 2 === 0 }),
        ...(b % 3 === 0 && { model: modelOf(a) }),
        ...(b % 5 === 0 && { newMac: `52:54:00:00:01:${(b % 100).toString().padStart(2, '0')}` }),
      };
    case 'remove-interface':
      return { type: kind, mac };
    case 'set-boot-order':
      return { type: kind, devices: [...new Set([disk, mac, pick(disks, b)?.target ?? 'vda'])] };
    case 'set-firmware':
      return { type: kind, firmware: a % 3 === 0 ? 'bios' : 'uefi', secureBoot: b % 2 === 0 };
    case 'set-tpm':
    case 'set-rng':
      return { type: kind, present: a % 2 === 0 };
    case 'set-video':
      return { type: kind, model: pick(videoModel.options, a) ?? 'virtio', heads: 1 + (b % 2) };
    case 'set-sound':
      return { type: kind, model: pick([...soundModel.options, null], a) ?? null };
    case 'set-watchdog':
      return {
        type: kind,
        model: pick([...watchdogModel.options, null], a) ?? null,
        action: pick(watchdogAction.options, b) ?? 'reset',
      };
    case 'reset-nvram':
    case 'add-serial':
      return { type: kind };
    case 'remove-serial':
      return { type: kind, port: pick(serialPorts, a)?.port ?? 9 };
    case 'add-folder':
      return {
        type: kind,
        path: pick([shared, shared, host.machinesDir, '/no/such/folder'], b) ?? '/',
        tag: `tag${a % 4}`,
        driver: b % 2 === 0 ? 'virtiofs' : '9p',
        readonly: a % 3 === 0,
      };
    case 'remove-folder':
      return { type: kind, tag: pick(sharedFolders, a)?.tag ?? 'none' };
  }
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % Math.max(1, items.length)];
}

function busOf(index: number): 'virtio' | 'scsi' | 'sata' | 'ide' | 'usb' {
  return pick(['virtio', 'scsi', 'sata', 'ide', 'usb'] as const, index) ?? 'virtio';
}

function modelOf(index: number): 'virtio' | 'e1000e' | 'rtl8139' {
  return pick(['virtio', 'e1000e', 'rtl8139'] as const, index) ?? 'virtio';
}

/** What an edit that was made shows as. */
function expectSeen(edit: HardwareEditInput, before: HardwareSet, after: HardwareSet): void {
  switch (edit.type) {
    case 'set-vcpus':
      expect(after.vcpus).toEqual({ current: edit.current, maximum: edit.maximum });
      return;
    case 'set-cpu':
      // Where the choice is left to libvirt it writes down what QEMU has by default.
      expect(after.cpu).toMatchObject({
        ...(edit.mode !== null && { mode: edit.mode }),
        topology: edit.topology,
      });
      return;
    case 'set-memory':
      expect(after.memory).toMatchObject({
        currentBytes: edit.currentBytes,
        maximumBytes: edit.maximumBytes,
      });
      return;
    case 'add-disk':
    case 'add-drive':
      expect(after.disks).toHaveLength(before.disks.length + 1);
      expect(after.disks.some(({ target, bus }) => bus === edit.bus && !has(before, target))).toBe(true);
      return;
    case 'update-disk': {
      const disk = after.disks.find(({ target }) => target === edit.target || !has(before, target));
      if (edit.bus !== undefined) expect(disk?.bus).toBe(edit.bus);
      if (edit.cache !== undefined) expect(disk?.cache).toBe(edit.cache);
      if (edit.ioLimits !== undefined) expect(disk?.ioLimits).toEqual(edit.ioLimits);
      return;
    }
    case 'grow-disk':
      expect(after.disks.find(({ target }) => target === edit.target)?.capacityBytes).toBe(edit.sizeBytes);
      return;
    case 'remove-disk':
      expect(has(after, edit.target)).toBe(false);
      return;
    case 'change-media':
      expect(after.disks.find(({ target }) => target === edit.target)?.source).toBeNull();
      return;
    case 'add-interface':
      expect(after.interfaces).toHaveLength(before.interfaces.length + 1);
      return;
    case 'update-interface': {
      const nic = after.interfaces.find(({ mac }) => mac === (edit.newMac ?? edit.mac));
      if (edit.linkUp !== undefined) expect(nic?.linkUp).toBe(edit.linkUp);
      if (edit.model !== undefined) expect(nic?.model).toBe(edit.model);
      return;
    }
    case 'remove-interface':
      expect(after.interfaces.some(({ mac }) => mac === edit.mac)).toBe(false);
      return;
    case 'set-boot-order':
      expect(edit.devices.map((device) => bootOrderOf(after, device))).toEqual(
        edit.devices.map((_, at) => at + 1),
      );
      return;
    case 'set-firmware':
      expect(after.firmware).toEqual({ type: edit.firmware, secureBoot: edit.secureBoot });
      return;
    case 'reset-nvram':
      expect(after).toEqual(before);
      return;
    case 'set-tpm':
      expect(after.tpm !== null).toBe(edit.present);
      return;
    case 'set-video':
      expect(after.video).toEqual({ model: edit.model, heads: edit.heads });
      return;
    case 'set-sound':
      expect(after.sound).toBe(edit.model);
      return;
    case 'set-rng':
      expect(after.rng).toBe(edit.present);
      return;
    case 'set-watchdog':
      expect(after.watchdog).toEqual(edit.model && { model: edit.model, action: edit.action });
      return;
    case 'add-serial':
      expect(after.serialPorts).toHaveLength(before.serialPorts.length + 1);
      return;
    case 'remove-serial':
      expect(after.serialPorts.some(({ port }) => port === edit.port)).toBe(false);
      return;
    case 'add-folder': {
      const { type: _type, ...folder } = edit;
      expect(after.sharedFolders).toContainEqual(folder);
      return;
    }
    case 'remove-folder':
      expect(after.sharedFolders.some(({ tag }) => tag === edit.tag)).toBe(false);
      return;
  }
}

function has({ disks }: HardwareSet, target: string): boolean {
  return disks.some((disk) => disk.target === target);
}

function bootOrderOf({ disks, interfaces }: HardwareSet, device: string): number | null | undefined {
  return [
    ...disks.map(({ target, bootOrder }) => ({ name: target, bootOrder })),
    ...interfaces.map(({ mac, bootOrder }) => ({ name: mac, bootOrder })),
  ].find(({ name }) => name === device)?.bootOrder;
}

async function expectStarts(what: string): Promise<Hardware> {
  try {
    await host.libvirtd.virsh('start', NAME, '--paused');
  } catch (error) {
    throw new Error(`does not start after ${what}`, { cause: error });
  }
  const running = await host.get(id);
  await host.libvirtd.virsh('destroy', NAME);
  return running;
}

test(`${EDITS} random edits (LIMEN_TEST_SEED=${SEED})`, async () => {
  const outcomes = new Map<EditResult['outcome'], number>();
  for (const choice of sample(choices, { seed: SEED, numRuns: EDITS })) {
    const before = await host.get(id);
    const edit = editOf(choice, before.stored);
    const { results, hardware } = await host.edit(id, edit);
    const [result] = results;
    const what = `${JSON.stringify(edit)}: ${JSON.stringify(result)}`;
    if (result === undefined) throw new Error(`no answer to ${what}`);
    outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1);
    if (result.outcome === 'refused') {
      expect(result.detail, what).not.toBe('');
      expect(hardware.revision, what).toBe(before.revision);
      continue;
    }
    expectSeen(edit, before.stored, hardware.stored);
    const { live, stored } = await expectStarts(what);
    expect(live?.vcpus, what).toEqual(stored.vcpus);
    expect(
      live?.disks.map(({ target }) => target),
      what,
    ).toEqual(stored.disks.map(({ target }) => target));
    expect(
      live?.interfaces.map(({ mac }) => mac),
      what,
    ).toEqual(stored.interfaces.map(({ mac }) => mac));
  }
  expect([...outcomes.keys()].sort()).toEqual(['applied', 'refused']);
  const files = await readdir(host.machinesDir).catch(() => []);
  const { stored } = await host.get(id);
  // Files of disks that were removed and not deleted stay; every disk has its own.
  for (const { source } of stored.disks) {
    if (source?.startsWith(host.machinesDir) === true)
      expect(files).toContain(source.slice(host.machinesDir.length + 1));
  }
}, 900_000);
