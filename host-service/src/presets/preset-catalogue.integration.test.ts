import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadPresets } from './preset-catalogue.ts';

describe('the catalogue', () => {
  it('has every system people install, the catch-alls last', async () => {
    const { list } = await loadPresets();
    const families = [
      'ubuntu',
      'debian',
      'kali',
      'fedora',
      'rocky',
      'almalinux',
      'arch',
      'opensuse',
      'alpine',
    ];
    for (const name of [...families, 'freebsd', 'windows-10', 'windows-11', 'windows-server-2022']) {
      expect(list.some(({ id }) => id.startsWith(name))).toBe(true);
    }
    expect(list.slice(-2).map(({ id }) => id)).toEqual(['linux', 'other']);
  });

  it('never asks for what cannot be together, nor recommends less than the minimum', async () => {
    const { list } = await loadPresets();
    for (const { id, firmware, secureBoot, chipset, minimum, recommended } of list) {
      if (secureBoot) expect([id, firmware, chipset]).toEqual([id, 'uefi', 'q35']);
      for (const key of ['vcpus', 'memoryBytes', 'diskBytes'] as const) {
        expect(recommended[key], id).toBeGreaterThanOrEqual(minimum[key]);
      }
    }
  });

  it.each([
    ['debian-12-generic-amd64.qcow2', 'debian-12'],
    ['debian-12.9.0-amd64-netinst.iso', 'debian-12'],
    ['noble-server-cloudimg-amd64.img', 'ubuntu-24.04'],
    ['ubuntu-22.04.5-live-server-amd64.iso', 'ubuntu-22.04'],
    ['Fedora-Server-dvd-x86_64-42-1.1.iso', 'fedora'],
    ['Rocky-9-GenericCloud.latest.x86_64.qcow2', 'rocky-9'],
    ['AlmaLinux-10-GenericCloud-latest.x86_64.qcow2', 'almalinux-10'],
    ['Arch-Linux-x86_64-cloudimg.qcow2', 'arch'],
    ['archlinux-2026.11.01-x86_64.iso', 'arch'],
    ['openSUSE-Leap-15.6-DVD-x86_64-Media.iso', 'opensuse-leap'],
    ['alpine-virt-3.22.0-x86_64.iso', 'alpine'],
    ['FreeBSD-14.3-RELEASE-amd64-disc1.iso', 'freebsd'],
    ['Win11_24H2_English_x64.iso', 'windows-11'],
    ['Win10_22H2_English_x64v1.iso', 'windows-10'],
    ['SERVER_EVAL_x64FRE_en-us.iso', 'windows-server-2022'],
    ['26100.1742.240906-0331.ge_release_svc_refresh_SERVER_EVAL_x64FRE_en-us.iso', 'windows-server-2025'],
  ])('takes %s for %s', async (fileName, id) => {
    expect((await loadPresets()).suggest(fileName)?.id).toBe(id);
  });

  it('takes nothing for what it does not know', async () => {
    expect((await loadPresets()).suggest('disk.qcow2')).toBeNull();
  });

  it('names the file that is no preset', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'limen-presets-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'bad.json'), '{"id":"bad"}');
    await expect(loadPresets(folder)).rejects.toThrow('bad.json');
  });
});
