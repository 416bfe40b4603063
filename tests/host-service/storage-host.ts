import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFinished, type Job, type PoolId, type StoragePool, type StorageVolume } from '@limen/contract';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { run } from '../fixtures/run.ts';
import { type AdministratorSession, signIn } from './session.ts';

export const MIB = 2 ** 20;

/** A host service on a libvirtd of its own, and folders to make pools of. */
export interface StorageHost {
  readonly libvirtd: PrivateLibvirtd;
  readonly service: HostService;
  readonly session: AdministratorSession;
  readonly api: AdministratorSession['api'];
  /** LIMEN's own. */
  readonly storageDir: string;
  /** A folder, not made yet. */
  folder(name: string): string;
  pool(name: string): Promise<StoragePool>;
  volume(poolId: PoolId, name: string): Promise<StorageVolume | undefined>;
  /** Resolves to the job once it has ended. */
  ended(job: Pick<Job, 'id'>): Promise<Job>;
  /** Define a machine without system, with these lines among its devices. */
  define(name: string, devices: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startStorageHost(): Promise<StorageHost> {
  const libvirtd = await startLibvirtd();
  try {
    const storageDir = join(libvirtd.imagesDir, 'limen');
    const config = join(libvirtd.guestDir, 'limen-host.toml');
    await mkdir(join(libvirtd.imagesDir, 'scanned'));
    const scanned = `scanDirectories = ["${join(libvirtd.imagesDir, 'scanned')}"]`;
    await writeFile(config, `[storage]\nreserveDiskBytes = 0\n${scanned}\n`);
    const service = await startHostService({
      libvirtd,
      environment: { LIMEN_CONFIG: config, LIMEN_STORAGE_DIRECTORY: storageDir },
    });
    const session = await signIn(service);
    const { api } = session;
    return {
      libvirtd,
      service,
      session,
      api,
      storageDir,
      folder: (name) => join(libvirtd.imagesDir, name),
      async pool(name) {
        const found = (await api.storage.pools({})).find((pool) => pool.name === name);
        if (found === undefined) throw new Error(`no pool ${name}`);
        return found;
      },
      async volume(poolId, name) {
        const { volumes } = await api.storage.volumes({ poolId });
        return volumes.find((volume) => volume.name === name);
      },
      ended: (job) => ended(session, job),
      async define(name, devices) {
        await libvirtd.define(
          `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory>` +
            `<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>${devices}</devices></domain>`,
        );
      },
      async stop() {
        await session.close();
        await service.stop();
        await libvirtd.stop();
      },
    };
  } catch (error) {
    await libvirtd.stop();
    throw error;
  }
}

export function diskXml(file: string, format: string, target = 'vda'): string {
  return (
    `<disk type='file' device='disk'><driver name='qemu' type='${format}'/>` +
    `<source file='${file}'/><target dev='${target}' bus='virtio'/></disk>`
  );
}

/** What `qemu-img info` says of a file that nobody writes to. */
export async function imageInfo(
  path: string,
): Promise<{ format: string; 'virtual-size': number; 'backing-filename'?: string }> {
  return JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', path])) as never;
}

export async function makeDisk(path: string, size: string, ...options: string[]): Promise<void> {
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...options, path, size]);
}

/** Write a pattern into a disk, as a guest would. */
export async function writePattern(
  path: string,
  { format, pattern, at, bytes }: { format: string; pattern: number; at: number; bytes: number },
): Promise<void> {
  await run('qemu-io', ['-f', format, '-c', `write -P ${pattern} ${at} ${bytes}`, path]);
}

/** Whether a disk reads as that pattern there. */
export async function holdsPattern(
  path: string,
  { format, pattern, at, bytes }: { format: string; pattern: number; at: number; bytes: number },
): Promise<boolean> {
  try {
    const said = await run('qemu-io', [
      '-r',
      '-U',
      '-f',
      format,
      '-c',
      `read -P ${pattern} ${at} ${bytes}`,
      path,
    ]);
    return !said.includes('verification failed');
  } catch (error) {
    if (String(error).includes('verification failed')) return false;
    throw error;
  }
}

async function ended({ api }: AdministratorSession, { id }: Pick<Job, 'id'>): Promise<Job> {
  const stop = new AbortController();
  try {
    for await (const event of await api.jobs.watch({}, { signal: stop.signal })) {
      const jobs = event.type === 'snapshot' ? event.jobs : event.upserted;
      const job = jobs.find((each) => each.id === id);
      if (job !== undefined && isFinished(job.state)) return job;
    }
    throw new Error('the stream of jobs ended');
  } finally {
    stop.abort();
  }
}
