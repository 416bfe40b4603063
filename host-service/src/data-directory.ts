import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What a running service tells programs on the same machine, in `service.json`. */
export const serviceState = z.object({
  pid: z.int(),
  /** `host:port` that clients use. */
  address: z.string(),
  fingerprint: z.string(),
  controlSocket: z.string(),
});
export type ServiceState = z.infer<typeof serviceState>;

/** Where things are in the data directory. Keys and certificate name their own files. */
export function dataPaths(directory: string) {
  return {
    state: join(directory, 'service.json'),
    controlSocket: join(directory, 'control.sock'),
    /** The first administrator's password, when `serve` made the account with nobody looking. */
    administratorPassword: join(directory, 'administrator-password'),
    /** What was on machines' screens, by machine. */
    snapshotPictures: join(directory, 'snapshot-pictures'),
  };
}

/**
 * Make the data directory, or see that nobody else can look into the existing one: it holds private keys, and the
 * mode is all that guards the control socket. Throws rather than change a directory that is somebody else's.
 */
export async function prepareDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Error(`${directory} cannot be the data directory`, { cause });
  }
  const { mode, uid } = await stat(directory);
  if (uid !== process.getuid?.()) {
    throw new Error(`${directory} belongs to another user; the data directory must be the service's own`);
  }
  if ((mode & 0o077) === 0) return;
  const entries = await readdir(directory);
  if (entries.length > 0 && !entries.includes('host-keys.json')) {
    throw new Error(`${directory} holds other things and is open to others; choose a directory of its own`);
  }
  await chmod(directory, 0o700);
}

/** Written when the service listens, complete or not at all, since others watch for it. */
export async function announceService(directory: string, state: ServiceState): Promise<void> {
  const { state: path } = dataPaths(directory);
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

export async function withdrawService(directory: string): Promise<void> {
  await rm(dataPaths(directory).state, { force: true });
}
