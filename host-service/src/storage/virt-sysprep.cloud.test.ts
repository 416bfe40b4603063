import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../tests/fixtures/run.ts';
import { createGuestCleaner } from './virt-sysprep.ts';

/** The tool starts a small machine for each look at a disk: half a minute without KVM, on a host with nothing else to do. */
const SLOW = 900_000;
const SECRET = 'BEGIN-OF-A-HOST-KEY'.repeat(200);

const cleaner = createGuestCleaner();
const work = { signal: new AbortController().signal, kvm: false };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limen-cleaning-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** As much of a Debian as the tool wants to see. */
const system: Readonly<Record<string, string>> = {
  'bin/sh': '',
  'etc/debian_version': '12.5\n',
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\nNAME="Debian GNU/Linux"\nPRETTY_NAME="Debian"\n',
  'etc/fstab': '/dev/sda / ext4 defaults 0 1\n',
  'etc/hostname': 'golden\n',
  'etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  'etc/ssh/ssh_host_ed25519_key': SECRET,
  'etc/ssh/sshd_config': 'Port 22\n',
  'etc/systemd/system/.keep': '',
  'root/.ssh/authorized_keys': 'ssh-ed25519 AAAA\n',
  'root/.bash_history': 'whoami\n',
  'usr/lib/systemd/systemd': '',
  'usr/sbin/.keep': '',
  'var/lib/cloud/instance/user-data.txt': 'secret\n',
  'var/log/cloud-init.log': 'log\n',
  'var/log/syslog': 'log\n',
  'home/ada/notes': 'kept\n',
};

async function makeSystem(): Promise<string> {
  const tree = join(folder, 'tree');
  for (const [name, content] of Object.entries(system)) {
    await mkdir(dirname(join(tree, name)), { recursive: true });
    await writeFile(join(tree, name), content);
  }
  const disk = join(folder, 'disk.raw');
  await run('mkfs.ext4', ['-q', '-d', tree, disk, '64M']);
  return disk;
}

/** A file of the disk, read without the tool that is tested; null when it is not there. */
async function read(disk: string, path: string): Promise<string | null> {
  const listed = await run('debugfs', ['-R', `stat ${path}`, disk]);
  return listed.includes('Inode:') ? run('debugfs', ['-R', `cat ${path}`, disk]) : null;
}

describe('cleaning', () => {
  it('is there', async () => {
    expect(await cleaner.isInstalled()).toBe(true);
  });

  it(
    'takes identity, keys and logs out of a system',
    async () => {
      const disk = await makeSystem();
      await cleaner.clean(disk, work);
      expect(await read(disk, '/etc/machine-id')).toBe('');
      for (const gone of [
        '/etc/ssh/ssh_host_ed25519_key',
        '/root/.ssh',
        '/root/.bash_history',
        '/var/lib/cloud/instance',
        '/var/log/cloud-init.log',
        '/var/log/syslog',
      ]) {
        expect([gone, await read(disk, gone)]).toEqual([gone, null]);
      }
      expect(await read(disk, '/home/ada/notes')).toBe('kept\n');
      expect(await read(disk, '/etc/ssh/sshd_config')).toBe('Port 22\n');
      expect((await readdir(folder)).filter((name) => name.includes('cleaning'))).toEqual([]);
    },
    SLOW,
  );

  it(
    'of what is no system it knows is refused',
    async () => {
      const disk = join(folder, 'empty.raw');
      await writeFile(disk, Buffer.alloc(2 ** 20));
      await expect(cleaner.clean(disk, work)).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        data: { feature: expect.stringContaining('generalising'), packages: [] },
      });
      expect((await readdir(folder)).filter((name) => name.includes('cleaning'))).toEqual([]);
    },
    SLOW,
  );

  it(
    'stops when it is told to, with the machine it has started',
    async () => {
      const disk = join(folder, 'stopped.raw');
      await writeFile(disk, Buffer.alloc(2 ** 20));
      const stop = new AbortController();
      const cleaning = cleaner.clean(disk, { ...work, signal: stop.signal });
      const machine = await machineOn(disk);
      stop.abort();
      await expect(cleaning).rejects.toMatchObject({ code: 'CANCELLED' });
      await ended(machine);
    },
    SLOW,
  );
});

/** Id of the process of a QEMU that has this disk. */
async function machineOn(disk: string): Promise<string> {
  for (;;) {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.includes('qemu-system') && command.includes(disk)) return pid;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ended(pid: string): Promise<void> {
  for (;;) {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (state === null || /\) Z /.test(state)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
