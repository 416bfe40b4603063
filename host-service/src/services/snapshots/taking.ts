import { LimenError } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { MachineSnapshots, SnapshotsReading } from '../../ports/machine-snapshots.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { SnapshotPictures } from '../../ports/snapshot-pictures.ts';
import type { TakeArgs } from './job-args.ts';
import { pictureKey } from './snapshot-records.ts';

export interface TakingDependencies {
  readonly snapshots: MachineSnapshots;
  readonly disks: Pick<DiskTool, 'check' | 'info' | 'internalSnapshots'>;
  readonly storage: MachineStorage;
  readonly pictures: SnapshotPictures;
}

/** A picture is a keepsake; one so large is none. */
const MAX_PICTURE_BYTES = 4 * 2 ** 20;

/** Take a snapshot with a picture of the screen, unless that was done before the answer was read. */
export async function takeSnapshot(
  deps: TakingDependencies,
  args: TakeArgs,
  log: (text: string) => void,
): Promise<void> {
  const { snapshots, storage, pictures } = deps;
  const { machineId, plan } = args;
  if (find(await snapshots.read(machineId), args) !== undefined) return;
  await clearInterrupted(deps, args);
  await requireSameState(deps, args);
  await storage.prepare();
  const picture = args.running ? await snapshots.screenshot(machineId) : null;
  await snapshots.create(machineId, plan);
  const taken = find(await snapshots.read(machineId), args);
  if (picture === null || picture.length > MAX_PICTURE_BYTES || taken === undefined) return;
  await pictures.keep(pictureKey(machineId, taken), picture).catch((error: unknown) => {
    log(`the picture of the screen was not kept: ${String(error)}`);
  });
}

/** Without what ran, a snapshot would not be the one that was asked for. */
async function requireSameState({ snapshots }: TakingDependencies, args: TakeArgs): Promise<void> {
  const { state } = (await snapshots.read(args.machineId)).setup;
  if (args.running && state !== 'running') throw new LimenError('CONFLICT', { reason: 'wrong-state', state });
}

/**
 * Clear away what an attempt that was cut short left behind, and let the machine run again. A disk that went on in its
 * new file although libvirt never heard of the snapshot stays there, as whole as before.
 */
export async function clearInterrupted(deps: TakingDependencies, args: TakeArgs): Promise<void> {
  const { snapshots, disks, storage } = deps;
  const { machineId, plan, running } = args;
  const reading = await snapshots.read(machineId);
  if (find(reading, args) !== undefined) return;
  const { kind } = plan;
  const stands = running && reading.setup.state === 'paused';
  if (stands || (kind === 'internal' && (await holdsInside(disks, reading, plan.name)))) {
    await snapshots.clearInterrupted(machineId, plan.name, { kind, running });
  }
  if (kind === 'internal') return;
  const inUse = new Set(reading.setup.disks.map(({ path }) => path));
  for (const { path } of plan.overlays) {
    if (inUse.has(path) || !(await isFree(disks, path))) {
      throw new LimenError('CONFLICT', { reason: 'changed', names: [path] });
    }
    await storage.remove(path);
  }
  if (plan.memoryFile !== null) await storage.remove(plan.memoryFile);
}

/** Whether a disk of the machine keeps something under that name, whatever libvirt knows. */
export async function holdsInside(
  disks: Pick<DiskTool, 'internalSnapshots'>,
  { setup }: SnapshotsReading,
  name: string,
): Promise<boolean> {
  for (const { path, format } of setup.disks) {
    if (path === null || format !== 'qcow2') continue;
    const kept = await disks.internalSnapshots(path);
    if (kept.some((each) => each.name === name)) return true;
  }
  return false;
}

/** QEMU locks what it writes to, and libvirt need not know that it does. */
async function isFree(disks: TakingDependencies['disks'], path: string): Promise<boolean> {
  const info = await disks.info(path).catch(() => null);
  // Not there, or not even begun.
  if (info === null || info.format !== 'qcow2') return true;
  return disks.check({ path, format: 'qcow2' }).then(
    () => true,
    () => false,
  );
}

function find(
  { snapshots }: SnapshotsReading,
  { plan }: TakeArgs,
): SnapshotsReading['snapshots'][number] | undefined {
  return snapshots.find(({ name }) => name === plan.name);
}
