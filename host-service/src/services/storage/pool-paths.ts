import { relative, resolve, sep } from 'node:path';

/** Folders of the operating system: a pool in one, or of one, would hand its files out as disks. */
const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/proc',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var/cache',
  '/var/lib/dpkg',
  '/var/lib/rpm',
  '/var/lib/systemd',
  '/var/log',
  '/var/run',
  '/var/spool',
];

/** Folders that hold other people's, which a pool must not take as a whole; folders in them are fine. */
const SHARED = [
  '/',
  '/home',
  '/media',
  '/mnt',
  '/opt',
  '/root',
  '/srv',
  '/tmp',
  '/var',
  '/var/lib',
  '/var/tmp',
];

/**
 * Why a folder cannot be a pool; null when it can. The path is taken as it is given: also ask about what it leads to.
 *
 * @param own LIMEN's own folders: neither they, nor what is in them, nor what they are in becomes a pool.
 */
export function refusedPoolFolder(path: string, own: readonly string[]): string | null {
  if (!path.startsWith('/') || path.includes('\0')) return 'must be an absolute path';
  if (path.split('/').includes('..')) return 'must not lead upwards';
  const folder = resolve(path);
  if (SHARED.includes(folder)) return `${folder} belongs to the whole system`;
  const system = SYSTEM.find((each) => isWithin(folder, each));
  if (system !== undefined) return `${system} belongs to the operating system`;
  const ours = own
    .map((each) => resolve(each))
    .find((each) => isWithin(folder, each) || isWithin(each, folder));
  return ours === undefined ? null : `${ours} is where LIMEN itself keeps its files`;
}

/** Whether a path is a folder or lies in it. */
function isWithin(path: string, folder: string): boolean {
  const steps = relative(folder, path);
  return steps === '' || (steps !== '..' && !steps.startsWith(`..${sep}`));
}
