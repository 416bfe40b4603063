import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { type MachineId, machineId, type Preset } from '@limen/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectedHypervisor } from '../../../tests/fixtures/connected-hypervisor.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { run } from '../../../tests/fixtures/run.ts';
import type { MachinePlan } from '../ports/machine-editor.ts';
import { loadPresets } from '../presets/preset-catalogue.ts';
import type { EditableHypervisor } from './libvirt-hypervisor.ts';

const id = machineId.parse('0d7f6d0e-5f5b-4f6e-9a86-0d4a8f0e7a11');
const { list: presets } = await loadPresets();

let daemon: PrivateLibvirtd;
let hypervisor: EditableHypervisor;
let files: string;

beforeAll(async () => {
  daemon = await startLibvirtd();
  hypervisor = await connectedHypervisor(daemon);
  files = join(daemon.imagesDir, 'machines');
  await mkdir(files, { mode: 0o711 });
});

afterEach(() => hypervisor.editor.remove(id));

afterAll(async () => {
  await hypervisor.close();
  await daemon.stop();
});

async function makeDisk(name: string): Promise<string> {
  const path = join(files, name);
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', path, '64M']);
  return path;
}

function planOf(preset: Preset, path: string, change: Partial<MachinePlan> = {}): MachinePlan {
  const { firmware, secureBoot, tpm, chipset, clock, hyperv, interfaceModel, videoModel } = preset;
  return {
    firmware,
    secureBoot,
    tpm,
    chipset,
    clock,
    hyperv,
    interfaceModel,
    videoModel,
    machineId: id,
    name: `a ${preset.id} machine`,
    description: 'two\nlines',
    tags: ['test'],
    presetId: preset.id,
    osId: preset.osId,
    owner: null,
    imageId: null,
    linked: false,
    accelerator: 'tcg',
    vcpus: 2,
    memoryBytes: 2 ** 28,
    nvramPath: join(files, 'variables.fd'),
    disk: { path, format: 'qcow2', bus: preset.diskBus, directIo: false },
    media: [{ path: null }],
    mediaBus: chipset === 'pc' ? 'ide' : 'sata',
    installing: false,
    network: { type: 'user' },
    mac: '52:54:00:00:00:01',
    ...change,
  };
}

function presetOf(presetId: string): Preset {
  const found = presets.find((preset) => preset.id === presetId);
  if (found === undefined) throw new Error(`no preset ${presetId}`);
  return found;
}

async function defined(machine: MachineId = id) {
  return hypervisor.getMachine(machine);
}

describe('defining', () => {
  it.each(presets.map((preset) => [preset.id, preset] as const))(
    '%s is taken by libvirt',
    async (_id, preset) => {
      const disk = await makeDisk('preset.qcow2');
      await hypervisor.editor.define(planOf(preset, disk));
      expect(await defined()).toMatchObject({
        name: `a ${preset.id} machine`,
        description: 'two\nlines',
        firmware: preset.firmware,
        presetId: preset.id,
        osId: preset.osId,
        managed: true,
      });
    },
  );

  it('may be repeated', async () => {
    const plan = planOf(presetOf('linux'), await makeDisk('again.qcow2'));
    await hypervisor.editor.define(plan);
    await hypervisor.editor.define({ ...plan, vcpus: 1 });
    expect(await defined()).toMatchObject({ vcpus: { maximum: 1 } });
  });
});

describe('removing', () => {
  it('takes a running machine with its firmware variables and TPM state', async () => {
    const disk = await makeDisk('secure.qcow2');
    const windows = presetOf('windows-11');
    await hypervisor.editor.define(planOf(windows, disk));
    await hypervisor.editor.start(id);
    await hypervisor.editor.start(id);
    const state = join(daemon.imagesDir, '..', 'swtpm', id);
    expect((await stat(join(files, 'variables.fd'))).isFile()).toBe(true);
    expect(await readdir(state)).not.toEqual([]);

    await hypervisor.editor.remove(id);
    await hypervisor.editor.remove(id);
    await expect(defined()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(stat(join(files, 'variables.fd'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(stat(state)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('changing', () => {
  it('keeps everything in the definition that was not asked about', async () => {
    await hypervisor.editor.define(planOf(presetOf('linux'), await makeDisk('edit.qcow2')));
    const trashed = {
      at: '2026-01-01T00:00:00.000Z',
      purgeAt: '2026-01-08T00:00:00.000Z',
      by: 'ann',
      name: 'before',
    };
    await hypervisor.editor.setMetadata(id, { trashed });
    await hypervisor.editor.setMetadata(id, { tags: ['a', 'b'] });
    await hypervisor.editor.setDescription(id, 'other');
    await hypervisor.editor.rename(id, 'renamed');
    await hypervisor.editor.rename(id, 'renamed');
    await hypervisor.editor.setAutostart(id, true);
    expect(await defined()).toMatchObject({
      name: 'renamed',
      description: 'other',
      tags: ['a', 'b'],
      presetId: 'linux',
      trashed,
      autostart: true,
    });
    await hypervisor.editor.setMetadata(id, { trashed: null });
    expect(await defined()).toMatchObject({ trashed: null, tags: ['a', 'b'] });
  });

  it('refuses a name another machine has', async () => {
    const other = machineId.parse(randomUUID());
    const disk = await makeDisk('name.qcow2');
    await hypervisor.editor.define(planOf(presetOf('linux'), disk));
    await hypervisor.editor.define(planOf(presetOf('linux'), disk, { machineId: other, name: 'taken' }));
    await expect(hypervisor.editor.rename(id, 'taken')).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'name-taken' },
    });
    await hypervisor.editor.remove(other);
  });

  it('reaches a running machine at once, and its definition', async () => {
    await hypervisor.editor.define(
      planOf(presetOf('linux'), await makeDisk('live.qcow2'), { firmware: 'bios' }),
    );
    await hypervisor.editor.start(id);
    await hypervisor.editor.setMetadata(id, { tags: ['live'] });
    expect(await defined()).toMatchObject({ state: 'running', tags: ['live'] });
    await hypervisor.editor.forceOff(id);
    await hypervisor.editor.forceOff(id);
    expect(await defined()).toMatchObject({ state: 'off', tags: ['live'] });
  });

  it('makes a copy with an identity of its own', async () => {
    const copyId = machineId.parse(randomUUID());
    await hypervisor.editor.define(planOf(presetOf('linux'), await makeDisk('source.qcow2')));
    const path = await makeDisk('copy.qcow2');
    await hypervisor.editor.defineCopy({
      sourceId: id,
      snapshot: null,
      machineId: copyId,
      name: 'copy',
      description: 'a copy',
      owner: null,
      nvramPath: join(files, 'copy.fd'),
      disks: new Map([['vda', { path, format: 'qcow2' }]]),
      macs: ['52:54:00:00:00:02'],
    });
    expect(await defined(copyId)).toMatchObject({
      name: 'copy',
      description: 'a copy',
      disks: [{ source: path }, { source: null }],
      interfaces: [{ mac: '52:54:00:00:00:02' }],
    });
    expect(await hypervisor.editor.files(copyId)).toMatchObject({
      disks: [
        { target: 'vda', path, format: 'qcow2' },
        { device: 'cdrom', path: null },
      ],
      nvramPath: join(files, 'copy.fd'),
      hasSnapshots: false,
    });
    await hypervisor.editor.remove(copyId);
  });
});

describe('the host', () => {
  it('offers what its packages brought', async () => {
    expect(await hypervisor.editor.offers()).toMatchObject({
      kvm: false,
      uefi: true,
      secureBoot: true,
      tpm: true,
      chipsets: ['q35', 'pc'],
      diskBuses: expect.arrayContaining(['virtio', 'scsi', 'sata']),
    });
  });

  it('lists the networks libvirt has', async () => {
    const xml = join(daemon.guestDir, 'network.xml');
    await writeFile(xml, '<network><name>lonely</name></network>');
    await daemon.virsh('net-define', xml);
    expect(await hypervisor.editor.networks()).toContainEqual({
      name: 'lonely',
      type: 'network',
      forward: null,
      active: false,
    });
    await daemon.virsh('net-undefine', 'lonely');
  });

  it('shows a folder as a pool, once', async () => {
    await hypervisor.editor.ensurePool('limen-machines', files);
    await hypervisor.editor.ensurePool('limen-machines', files);
    expect(await daemon.virsh('pool-list', '--name')).toContain('limen-machines');
    await daemon.virsh('pool-destroy', 'limen-machines');
    await daemon.virsh('pool-undefine', 'limen-machines');
  });
});
