import { randomUUID } from 'node:crypto';
import { machineId } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectedHypervisor } from '../../../../tests/fixtures/connected-hypervisor.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../../../tests/fixtures/libvirtd.ts';
import type { EditableHypervisor } from '../libvirt-hypervisor.ts';

const id = machineId.parse(randomUUID());

/** With parts that no edit of ours knows. */
const FOREIGN = `<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>foreign</name><uuid>${id}</uuid>
  <metadata><b:policy xmlns:b='urn:example:backup' keep='7'>a &amp; b</b:policy></metadata>
  <memory unit='MiB'>256</memory><vcpu cpuset='0'>2</vcpu><iothreads>2</iothreads>
  <sysinfo type='smbios'><system><entry name='serial'>4711</entry></system></sysinfo>
  <os><type arch='x86_64' machine='q35'>hvm</type><smbios mode='sysinfo'/></os>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='raw' iothread='1'/><source file='/nowhere/a.img'/>
      <target dev='vda' bus='virtio'/></disk>
    <graphics type='vnc' passwd='geheim'><listen type='address'/></graphics>
  </devices>
  <qemu:commandline><qemu:arg value='-boot'/><qemu:arg value='strict=off'/></qemu:commandline>
</domain>`;

let daemon: PrivateLibvirtd;
let hypervisor: EditableHypervisor;

beforeAll(async () => {
  daemon = await startLibvirtd();
  await daemon.define(FOREIGN);
  hypervisor = await connectedHypervisor(daemon);
}, 180_000);

afterAll(async () => {
  await hypervisor?.close();
  await daemon?.stop();
});

async function dump(): Promise<string[]> {
  return (await daemon.virsh('dumpxml', '--inactive', '--security-info', 'foreign')).split('\n');
}

test('what no edit knows stays as libvirt had it, secrets too', async () => {
  const before = await dump();
  const { hardware } = hypervisor;
  expect(await hardware.change(id, { type: 'set-vcpus', current: 1, maximum: 4 }, true)).toBe('applied');
  expect(await hardware.change(id, { type: 'update-disk', target: 'vda', cache: 'unsafe' }, true)).toBe(
    'applied',
  );
  const after = await dump();
  expect(after.filter((line) => !before.includes(line)).map((line) => line.trim())).toEqual([
    "<vcpu placement='static' cpuset='0' current='1'>4</vcpu>",
    "<driver name='qemu' type='raw' cache='unsafe' iothread='1'/>",
  ]);
  expect(after).toHaveLength(before.length);
});

test('what libvirt refuses changes nothing', async () => {
  const { hardware } = hypervisor;
  const { revision } = await hardware.read(id);
  await expect(
    hardware.change(id, { type: 'update-disk', target: 'vda', bus: 'ide' }, true),
  ).rejects.toMatchObject({
    code: 'HYPERVISOR_ERROR',
  });
  await expect(hardware.change(id, { type: 'remove-disk', target: 'vdb' }, true)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect((await hardware.read(id)).revision).toBe(revision);
});
