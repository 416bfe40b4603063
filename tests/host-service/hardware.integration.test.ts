import { readdir } from 'node:fs/promises';
import type { Hardware, HardwareEditInput, MachineId } from '@limen/contract';
import { DomainXml } from 'node-libvirt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guestShell, guestShows } from '../fixtures/guest-shell.ts';
import { type HardwareHost, MIB, startHardwareHost } from './hardware-host.ts';

/** Changes to the hardware of a machine that runs, looked at from inside it. */

let host: HardwareHost;
let id: MachineId;
const NAME = 'live';
const MAC = '52:54:00:aa:bb:01';

beforeAll(async () => {
  host = await startHardwareHost();
  id = await host.define(NAME);
  await host.boot(NAME);
}, 600_000);

afterAll(() => host?.stop());

const inGuest = (command: string): Promise<string> => guestShell(host.libvirtd, NAME, command);
const guestSays = (command: string, matches: (output: string) => boolean): Promise<string> =>
  guestShows(host.libvirtd, NAME, { command, matches });

const APPLIED = { results: [{ outcome: 'applied' }] };
const AT_NEXT_START = { results: [{ outcome: 'at-next-start' }] };

function diskOf({ stored }: Hardware, target: string): Hardware['stored']['disks'][number] {
  const disk = stored.disks.find((each) => each.target === target);
  if (disk === undefined) throw new Error(`no disk ${target}`);
  return disk;
}

describe('of a running machine', () => {
  test('both definitions are told', async () => {
    const hardware = await host.get(id);
    expect(hardware.live).toMatchObject({ vcpus: { current: 1, maximum: 4 } });
    expect(hardware.stored).toMatchObject({
      vcpus: { current: 1, maximum: 4 },
      memory: { currentBytes: 256 * MIB, maximumBytes: 256 * MIB, balloon: true },
      disks: [
        { target: 'vda', capacityBytes: 64 * MIB },
        { target: 'sda', device: 'cdrom', source: null },
      ],
    });
  });

  test('vCPUs are plugged in up to the maximum', async () => {
    expect(await host.edit(id, { type: 'set-vcpus', current: 3, maximum: 4 })).toMatchObject(APPLIED);
    expect(await guestSays('nproc', (output) => output === '3')).toBe('3');
    expect((await host.get(id)).stored.vcpus).toEqual({ current: 3, maximum: 4 });
  });

  test('a larger maximum waits for the next start', async () => {
    expect(await host.edit(id, { type: 'set-vcpus', current: 3, maximum: 6 })).toMatchObject(AT_NEXT_START);
    const { live, stored } = await host.get(id);
    expect([live?.vcpus.maximum, stored.vcpus.maximum]).toEqual([4, 6]);
    expect(await inGuest('nproc')).toBe('3');
  });

  test('the balloon takes memory and gives it back', async () => {
    const total = "awk '/MemTotal/ {print $2}' /proc/meminfo";
    const before = Number(await inGuest(total));
    const smaller = { type: 'set-memory', currentBytes: 224 * MIB, maximumBytes: 256 * MIB } as const;
    expect(await host.edit(id, smaller)).toMatchObject(APPLIED);
    await guestSays(total, (output) => before - Number(output) >= 30 * 1024);
    expect(await host.edit(id, { ...smaller, currentBytes: 256 * MIB })).toMatchObject(APPLIED);
    await guestSays(total, (output) => Number(output) === before);
  });

  test('a new disk is plugged in, grows, is throttled, and leaves with its file', async () => {
    const added = await host.edit(id, {
      type: 'add-disk',
      source: { type: 'new', sizeBytes: 32 * MIB },
      bus: 'virtio',
    });
    expect(added).toMatchObject(APPLIED);
    const { source } = diskOf(added.hardware, 'vdb');
    expect(source).toContain(host.machinesDir);
    const size = 'cat /sys/block/vdb/size 2>/dev/null || echo none';
    await guestSays(size, (output) => Number(output) * 512 === 32 * MIB);

    expect(await host.edit(id, { type: 'grow-disk', target: 'vdb', sizeBytes: 48 * MIB })).toMatchObject(
      APPLIED,
    );
    await guestSays(size, (output) => Number(output) * 512 === 48 * MIB);
    expect(diskOf(await host.get(id), 'vdb').capacityBytes).toBe(48 * MIB);

    const ioLimits = {
      readBytesPerSecond: MIB,
      writeBytesPerSecond: 2 * MIB,
      readOperationsPerSecond: 0,
      writeOperationsPerSecond: 100,
    };
    expect(await host.edit(id, { type: 'update-disk', target: 'vdb', ioLimits })).toMatchObject(APPLIED);
    expect(await host.libvirtd.virsh('blkdeviotune', NAME, 'vdb')).toMatch(/write_bytes_sec: 2097152/);
    expect(diskOf(await host.get(id), 'vdb').ioLimits).toEqual(ioLimits);

    const removal = { type: 'remove-disk', target: 'vdb', deleteFile: true } as const;
    expect(await host.edit(id, removal)).toMatchObject(APPLIED);
    await guestSays(size, (output) => output === 'none');
    expect(await readdir(host.machinesDir)).toEqual([]);
  });

  test('a medium is put in, changed and taken out', async () => {
    const media = await host.addMedia([MIB, 2 * MIB]);
    const inDrive = 'head -c 1 /dev/sr0 >/dev/null 2>&1 && cat /sys/block/sr0/size || echo none';
    for (const [at, { id: imageId, path }] of media.entries()) {
      expect(await host.edit(id, { type: 'change-media', target: 'sda', imageId })).toMatchObject(APPLIED);
      await guestSays(inDrive, (output) => Number(output) * 512 === (at + 1) * MIB);
      expect(diskOf(await host.get(id), 'sda')).toMatchObject({ source: path, imageId });
    }
    expect(await host.edit(id, { type: 'change-media', target: 'sda', imageId: null })).toMatchObject(
      APPLIED,
    );
    await guestSays(inDrive, (output) => output === 'none');
    expect(diskOf(await host.get(id), 'sda').source).toBeNull();
  });

  test('an interface is moved to another network', async () => {
    for (const name of ['one', 'two']) await host.addNetwork(name);
    expect(
      await host.edit(id, { type: 'add-interface', ...on('one'), model: 'virtio', mac: MAC }),
    ).toMatchObject(APPLIED);
    await guestSays('ip -o link', (output) => output.includes(MAC));
    expect(await bridgeOf(MAC)).toBe('lt-one');
    const { hardware, results } = await host.edit(id, { type: 'update-interface', mac: MAC, ...on('two') });
    expect(results).toEqual([{ outcome: 'applied' }]);
    expect([hardware.live, hardware.stored].map((set) => set?.interfaces[0]?.source)).toEqual(['two', 'two']);
    expect(await bridgeOf(MAC)).toBe('lt-two');
    await host.libvirtd.virsh('net-destroy', 'one');
    expect((await host.edit(id, { type: 'update-interface', mac: MAC, ...on('one') })).results).toMatchObject(
      [{ outcome: 'refused', code: 'INVALID_INPUT' }],
    );
    expect(await host.edit(id, { type: 'remove-interface', mac: MAC })).toMatchObject(APPLIED);
    await guestSays('ip -o link', (output) => !output.includes(MAC));
  });

  test('an interface is plugged in, loses its link, and is pulled out', async () => {
    const nic = { type: 'add-interface', network: { type: 'user' }, model: 'virtio', mac: MAC } as const;
    expect(await host.edit(id, nic)).toMatchObject(APPLIED);
    const links = 'ip -o link';
    await guestSays(links, (output) => output.includes(MAC));
    expect(await host.edit(id, { type: 'update-interface', mac: MAC, linkUp: false })).toMatchObject(APPLIED);
    await guestSays(links, (output) => lineOf(output, MAC).includes('NO-CARRIER'));
    expect(await host.edit(id, { type: 'update-interface', mac: MAC, linkUp: true })).toMatchObject(APPLIED);
    await guestSays(links, (output) => !lineOf(output, MAC).includes('NO-CARRIER'));
    expect(await host.edit(id, { type: 'update-interface', mac: MAC, model: 'e1000e' })).toMatchObject(
      AT_NEXT_START,
    );
    expect(await host.edit(id, { type: 'remove-interface', mac: MAC })).toMatchObject(APPLIED);
    await guestSays(links, (output) => !output.includes(MAC));
  });

  test('what QEMU cannot change waits for the next start', async () => {
    const edits: HardwareEditInput[] = [
      { type: 'update-disk', target: 'vda', cache: 'writethrough', discard: 'unmap' },
      { type: 'set-cpu', mode: 'maximum', model: null, topology: { sockets: 1, cores: 6, threads: 1 } },
      { type: 'set-boot-order', devices: ['sda', 'vda'] },
      { type: 'add-drive', bus: 'sata', imageId: null },
    ];
    const { results, hardware } = await host.edit(id, edits);
    expect(results).toEqual(edits.map(() => ({ outcome: 'at-next-start' })));
    expect(hardware.stored.cpu).toMatchObject({ mode: 'maximum', topology: { cores: 6 } });
    expect(hardware.live?.cpu.mode).toBe('custom');
    await host.libvirtd.virsh('destroy', NAME);
    await host.boot(NAME);
    expect(await inGuest('grep -c processor /proc/cpuinfo')).toBe('3');
    const { live, stored } = await host.get(id);
    expect(live?.cpu).toEqual(stored.cpu);
    expect(live?.vcpus).toEqual({ current: 3, maximum: 6 });
  }, 300_000);
});

/** Where libvirt plugged it in. */
async function bridgeOf(mac: string): Promise<string | undefined> {
  const { devices } = DomainXml.parse(await host.libvirtd.virsh('dumpxml', NAME));
  const nic = devices.interfaces.find((each) => each.mac === mac);
  return nic?.element.get('source/@bridge') ?? undefined;
}

function on(name: string): { network: { type: 'network'; name: string } } {
  return { network: { type: 'network', name } };
}

function lineOf(output: string, mac: string): string {
  return output.split('\n').find((line) => line.includes(mac)) ?? '';
}
