import { LimenError } from '@limen/contract';
import type { JobDefinition } from '../../ports/jobs.ts';
import type { StorageVolumes, VolumeReading } from '../../ports/storage-volumes.ts';
import type { NewVolumes, NewVolumeState } from './new-volume.ts';
import { inUse } from './pool-changes.ts';
import type { StockReader } from './stock.ts';
import {
  type CloneVolumeArgs,
  cloneVolumeArgs,
  type CreateVolumeArgs,
  createVolumeArgs,
  type WipeVolumeArgs,
  wipeVolumeArgs,
} from './volume-job-args.ts';

export interface VolumeJobDependencies {
  readonly news: NewVolumes;
  readonly stock: Pick<StockReader, 'users'>;
  readonly volumes: StorageVolumes;
  /** Told when a job has changed what lies in a pool. */
  readonly onChanged: () => void;
}

/** They share the disk they are bound by. */
const AT_ONCE = 2;

export function createVolumeJob({
  news,
  onChanged,
}: VolumeJobDependencies): JobDefinition<CreateVolumeArgs, NewVolumeState> {
  return {
    kind: 'volume.create',
    args: createVolumeArgs,
    concurrency: AT_ONCE,
    onFinished: onChanged,
    steps: [
      {
        name: 'volume',
        prepare: ({ jobId, args }) => news.look(jobId, args.volume),
        run: ({ jobId, args, signal }) => news.make(jobId, args.volume, { signal }),
        undo: ({ jobId, args }) => news.takeBack(jobId, args.volume),
      },
    ],
  };
}

/**
 * Copy a volume. The first step takes the name with an empty volume; the second fills it, from the beginning each time.
 * The copy stands alone, so a source that shows through to another is converted, as is one in another format.
 */
export function cloneVolumeJob(deps: VolumeJobDependencies): JobDefinition<CloneVolumeArgs, NewVolumeState> {
  const { news, volumes, onChanged } = deps;
  return {
    kind: 'volume.clone',
    args: cloneVolumeArgs,
    concurrency: AT_ONCE,
    onFinished: onChanged,
    steps: [
      {
        name: 'volume',
        prepare: ({ jobId, args }) => news.look(jobId, args.to),
        async run({ jobId, args, signal }) {
          const source = await volumes.read(args.from);
          const { capacityBytes } = source;
          await news.make(jobId, { ...args.to, capacityBytes, preallocation: 'none' }, { signal });
        },
        undo: ({ jobId, args }) => news.takeBack(jobId, args.to),
      },
      {
        name: 'copy',
        weight: 20,
        async run({ jobId, args, signal, progress }) {
          const { volume: source, users } = await deps.stock.users(args.from, jobId);
          const running = users.filter((user) => user.running);
          if (running.length > 0) throw inUse(running);
          const work = { signal, onProgress: progress };
          const { capacityBytes } = source;
          const target = { ...args.to, capacityBytes, preallocation: 'none' } as const;
          await news.make(jobId, target, { signal });
          const made = await volumes.read(args.to);
          if (canBeCopied(source, made)) {
            await volumes.copyContents(source, made, work);
          } else {
            await volumes.delete(args.to);
            await volumes.convert(args.from, target, work);
          }
          if (args.capacityBytes !== null && args.capacityBytes > capacityBytes)
            await volumes.resize(args.to, args.capacityBytes, false);
        },
      },
    ],
  };
}

/** Byte for byte: with progress, and ended at once by who cancels. */
function canBeCopied(from: VolumeReading, to: VolumeReading): boolean {
  return (
    isStreamed(from) &&
    isStreamed(to) &&
    from.format === to.format &&
    from.backingPath === null &&
    !from.encrypted
  );
}

/** libvirt sends and takes the contents of files and devices, of network volumes it does not. */
function isStreamed({ type }: VolumeReading): boolean {
  return type === 'file' || type === 'block';
}

interface WipeState {
  readonly format: 'qcow2' | 'raw';
  readonly capacityBytes: number;
}

/**
 * Overwrite a volume, and make it an empty one of its format again. There is no way back from the first byte on, so
 * interrupted it is begun anew, and cancelled what is left is made a usable volume all the same.
 */
export function wipeVolumeJob({
  stock,
  volumes,
  onChanged,
}: VolumeJobDependencies): JobDefinition<WipeVolumeArgs, WipeState> {
  const renew = async ({ volume }: WipeVolumeArgs, state: Partial<WipeState>): Promise<void> => {
    const { format, capacityBytes } = state;
    if (format !== 'qcow2' || capacityBytes === undefined) return;
    await volumes.delete(volume);
    await volumes.create({ ...volume, format, capacityBytes, preallocation: 'none' });
  };
  return {
    kind: 'volume.wipe',
    args: wipeVolumeArgs,
    concurrency: AT_ONCE,
    onFinished: onChanged,
    steps: [
      {
        name: 'wipe',
        weight: 20,
        async prepare({ jobId, args }) {
          const { volume, users } = await stock.users(args.volume, jobId);
          if (users.length > 0) throw inUse(users);
          const { format, capacityBytes } = volume;
          return { format: requireFormat(format), capacityBytes };
        },
        async run({ jobId, args, signal }) {
          // Somebody may have taken it into use while this waited to be repeated.
          const { users } = await stock.users(args.volume, jobId);
          if (users.length > 0) throw inUse(users);
          await volumes.wipe(args.volume, { signal });
        },
        undo: ({ args, state }) => renew(args, state),
      },
      { name: 'renew', run: ({ args, state }) => renew(args, state) },
    ],
  };
}

/** Formats LIMEN can make anew. Throws `UNSUPPORTED`. Devices have none, and are raw. */
export function requireFormat(format: string | null): 'qcow2' | 'raw' {
  if (format === 'qcow2') return format;
  if (format === 'raw' || format === null || format === 'unknown') return 'raw';
  throw new LimenError('UNSUPPORTED', { feature: `volumes of format ${format}`, packages: [] });
}
