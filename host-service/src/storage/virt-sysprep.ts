import { access, constants, mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LimenError } from '@limen/contract';
import type { CleaningWork, GuestCleaner } from '../ports/guest-cleaner.ts';
import { ProgramFailure, runProgram } from './child-process.ts';
import { sync } from './files.ts';

const PACKAGE = 'guestfs-tools';
const SYSPREP = { name: 'virt-sysprep', package: PACKAGE };
const SPARSIFY = { name: 'virt-sparsify', package: PACKAGE };

/** What cloud-init remembers of its instance; virt-sysprep does not know it. */
const CLOUD_INIT_STATE = ['/var/lib/cloud/*', '/var/log/cloud-init*.log'];

/** Not every system makes new host keys by itself, and without any it cannot be reached. Run once, at the first boot. */
const NEW_HOST_KEYS =
  'command -v ssh-keygen >/dev/null || exit 0; ssh-keygen -A; systemctl try-reload-or-restart ssh sshd';

export function createGuestCleaner(): GuestCleaner {
  return { isInstalled, clean, tidy };
}

async function isInstalled(): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      await access(join(folder, SYSPREP.name), constants.X_OK);
      return true;
    } catch {
      // Then it may be in another folder.
    }
  }
  return false;
}

async function clean(disk: string, { signal, kvm }: CleaningWork): Promise<void> {
  const folder = temporaryFolder(disk);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  const environment = {
    // Not through libvirt: there its machine would be one of the host's, for everybody to see.
    LIBGUESTFS_BACKEND: 'direct',
    LIBGUESTFS_BACKEND_SETTINGS: kvm ? '' : 'force_tcg',
    LIBGUESTFS_TMPDIR: folder,
  };
  const deletions = CLOUD_INIT_STATE.flatMap((pattern) => ['--delete', pattern]);
  try {
    await runProgram(
      SYSPREP,
      [
        '--quiet',
        '--format',
        'raw',
        '--add',
        disk,
        ...deletions,
        // For the sake of packages it could install, the tool has put a new id there, the same for every copy.
        '--write',
        '/etc/machine-id:',
        '--firstboot-command',
        NEW_HOST_KEYS,
        '--selinux-relabel',
      ],
      { signal, environment },
    );
    // Deleted keys would still stand in free blocks, all of them and not only the smallest.
    await runProgram(SPARSIFY, ['--quiet', '--in-place', '--format', 'raw', disk], { signal, environment });
    await sync(disk);
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    const feature = `generalising this system (${error.detail.split('\n').at(-1)})`;
    throw new LimenError('UNSUPPORTED', { feature, packages: [] }, { cause: error });
  } finally {
    await tidy(disk);
  }
}

async function tidy(disk: string): Promise<void> {
  await rm(temporaryFolder(disk), { recursive: true, force: true });
}

/** Beside the disk, whose secrets it may hold, and found again by whoever tidies up after a crash. */
function temporaryFolder(disk: string): string {
  return `${disk}.cleaning`;
}
