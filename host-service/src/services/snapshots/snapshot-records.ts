import { dirname } from 'node:path';
import type { MachineId, Snapshot, SnapshotRefusal, SnapshotTree } from '@limen/contract';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type {
  MachineSnapshots,
  SnapshotReading,
  SnapshotSetup,
  SnapshotsReading,
} from '../../ports/machine-snapshots.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { PictureKey, SnapshotPictures } from '../../ports/snapshot-pictures.ts';
import { type DiskFiles, isBelowPresent, neededFiles, readDiskFiles } from './disk-files.ts';
import { type MemoryRoom, refusal, snapshotOptions } from './refusals.ts';

/** libvirt merges external snapshots since 9.0.0, and reverts to them since 9.9.0. */
const MERGES_EXTERNAL = 9_000_000;
const REVERTS_EXTERNAL = 9_009_000;

export interface RecordDependencies {
  readonly snapshots: Pick<MachineSnapshots, 'read'>;
  readonly disks: Pick<DiskTool, 'chain' | 'internalSnapshots'>;
  readonly storage: Pick<MachineStorage, 'allocatedBytes' | 'directory' | 'freeBytes'>;
  readonly pictures: Pick<SnapshotPictures, 'among'>;
}

/** What clients are told of a machine's snapshots. */
export class SnapshotRecords {
  readonly #deps: RecordDependencies;

  constructor(deps: RecordDependencies) {
    this.#deps = deps;
  }

  /** Rejects as libvirt does. */
  async tree(machineId: MachineId): Promise<SnapshotTree> {
    const { snapshots, disks, pictures } = this.#deps;
    const reading = await snapshots.read(machineId);
    const keys = new Map(reading.snapshots.map((each) => [each, pictureKey(machineId, each)]));
    const [files, stateBytes, withPicture, room] = await Promise.all([
      readDiskFiles(disks, reading),
      this.#stateBytes(reading),
      pictures.among(machineId, [...keys.values()]),
      memoryRoom(this.#deps.storage, reading.setup),
    ]);
    const records = reading.snapshots.map(async (each): Promise<Snapshot> => {
      const key = keys.get(each);
      return {
        name: each.name,
        description: each.description,
        createdAt: each.createdAt.toISOString(),
        parent: each.parent,
        current: each.current,
        kind: each.kind ?? 'external',
        state: each.state,
        memory: each.memory,
        sizeBytes:
          each.kind === 'internal' ? (stateBytes.get(each.name) ?? null) : await this.#sizeOfFiles(each),
        hasPicture: key !== undefined && withPicture.has(key),
        revertRefusal: revertRefusal(each, files),
        deleteRefusal: deleteRefusal(each, reading, files),
      };
    });
    return {
      machineId,
      snapshots: await Promise.all(records),
      options: snapshotOptions(reading.setup, reading.snapshots, room),
      canQuiesce: reading.setup.agent && reading.setup.state === 'running',
    };
  }

  async #stateBytes({ setup, snapshots }: SnapshotsReading): Promise<Map<string, number>> {
    const bytes = new Map<string, number>();
    if (!snapshots.some(({ kind }) => kind === 'internal')) return bytes;
    for (const { path, format } of setup.disks) {
      if (path === null || format !== 'qcow2') continue;
      // A file that cannot be read now is no reason to show nothing.
      const kept = await this.#deps.disks.internalSnapshots(path).catch(() => []);
      for (const { name, stateBytes } of kept) bytes.set(name, (bytes.get(name) ?? 0) + stateBytes);
    }
    return bytes;
  }

  async #sizeOfFiles({ disks, memoryFile }: SnapshotReading): Promise<number | null> {
    const files = disks.flatMap(({ kind, path }) => (kind === 'external' && path !== null ? [path] : []));
    if (memoryFile !== null) files.push(memoryFile);
    const sizes = await Promise.all(files.map((file) => this.#deps.storage.allocatedBytes(file)));
    const known = sizes.filter((bytes) => bytes !== null);
    return known.length === 0 ? null : known.reduce((total, bytes) => total + bytes, 0);
  }
}

/** QEMU writes the memory of internal ones into the first disk. */
export async function memoryRoom(
  storage: Pick<MachineStorage, 'directory' | 'freeBytes'>,
  { disks }: SnapshotSetup,
): Promise<MemoryRoom> {
  const first = disks[0]?.path ?? null;
  // What is left on a folder that is not there, or cannot be asked, nobody knows.
  const freeIn = (folder: string) => storage.freeBytes(folder).catch(() => null);
  const [internal, external] = await Promise.all([
    first === null || first.startsWith('/dev/') ? null : freeIn(dirname(first)),
    freeIn(storage.directory),
  ]);
  return { internal, external };
}

export function pictureKey(machineId: MachineId, { name, createdAt }: SnapshotReading): PictureKey {
  return { machineId, name, createdAt };
}

/** libvirt can do it by itself, and keeps its own books then. */
export function isRevertedByLibvirt({ kind }: SnapshotReading, { libvirtVersion }: SnapshotSetup): boolean {
  return kind === 'internal' || libvirtVersion >= REVERTS_EXTERNAL;
}

export function revertRefusal(snapshot: SnapshotReading, { missing }: DiskFiles): SnapshotRefusal | null {
  if (snapshot.kind === null) return refusal('unsupported');
  if (snapshot.kind === 'internal') return null;
  const kept = snapshot.disks.filter(({ kind }) => kind === 'external').map(({ path }) => path);
  const files = [...kept, snapshot.memoryFile].filter((file) => file !== null);
  const gone = files.filter((file) => missing.has(file));
  if (gone.length > 0) return refusal('files-missing', gone);
  return kept.length === 0 || kept.includes(null) ? refusal('unsupported') : null;
}

export function deleteRefusal(
  snapshot: SnapshotReading,
  { setup, snapshots }: SnapshotsReading,
  files: DiskFiles,
): SnapshotRefusal | null {
  if (snapshot.kind === null) return refusal('unsupported');
  if (snapshot.kind === 'internal') return null;
  if (setup.libvirtVersion < MERGES_EXTERNAL) return refusal('too-old');
  if (!isBelowPresent(files, snapshot)) {
    // The machine went on elsewhere: it can go with its files once nothing was taken on it.
    const children = snapshots.filter(({ parent }) => parent === snapshot.name).map(({ name }) => name);
    return children.length === 0 ? null : refusal('branches', children);
  }
  const branches = othersOn(snapshot, snapshots, files);
  return branches.length === 0 ? null : refusal('branches', branches);
}

/** Snapshots whose disks rest on this one's without the machine's doing so: merging would change them. */
function othersOn(
  snapshot: SnapshotReading,
  snapshots: readonly SnapshotReading[],
  files: DiskFiles,
): string[] {
  const kept = new Set(snapshot.disks.map(({ path }) => path));
  return snapshots
    .filter((other) =>
      other.disks.some(
        ({ path }) => path !== null && !files.present.has(path) && kept.has(files.below.get(path) ?? null),
      ),
    )
    .map(({ name }) => name);
}

/** Files of snapshots that nothing needs any more once these are gone. */
export function unneededFiles(
  reading: SnapshotsReading,
  files: DiskFiles,
  candidates: readonly string[],
): string[] {
  const needed = neededFiles(files, reading.snapshots);
  return [...new Set(candidates)].filter((file) => !needed.has(file));
}
