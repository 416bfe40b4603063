import { LimenError, poolId, type PoolId } from '@limen/contract';
import { z } from 'zod';
import type { JobDefinition } from '../../ports/jobs.ts';
import { isKept, type ReceivedFiles } from '../../ports/received-files.ts';
import type { StorageVolumes } from '../../ports/storage-volumes.ts';
import type { NewVolumes, NewVolumeState } from './new-volume.ts';

export const uploadVolumeArgs = z.object({
  volume: z.object({ poolId, name: z.string() }),
  receivedPath: z.string().startsWith('/'),
  /** SHA-256 as the sender computed it, lower-case hex; null when it did not. */
  sha256: z.string().nullable(),
  /** See `volumeClaim`. */
  claims: z.array(z.string()),
});
export type UploadVolumeArgs = z.infer<typeof uploadVolumeArgs>;

interface UploadVolumeState extends NewVolumeState {
  readonly format: 'qcow2' | 'raw';
  readonly capacityBytes: number;
}

export interface UploadVolumeDependencies {
  readonly news: NewVolumes;
  readonly received: Pick<ReceivedFiles, 'size' | 'digest' | 'inspect' | 'remove'>;
  readonly volumes: StorageVolumes;
  /** Rejects for a pool that takes no volumes, or none of that format. */
  readonly requireTarget: (poolId: PoolId, format: 'qcow2' | 'raw') => Promise<void>;
  readonly onChanged: () => void;
}

/** Make a volume of a file that somebody has sent. The file is gone afterwards, whatever came of it. */
export function uploadVolumeJob(
  deps: UploadVolumeDependencies,
): JobDefinition<UploadVolumeArgs, UploadVolumeState> {
  const { news, received, volumes, requireTarget, onChanged } = deps;
  return {
    kind: 'volume.upload',
    args: uploadVolumeArgs,
    concurrency: 2,
    onFinished: onChanged,
    steps: [
      {
        name: 'verify',
        weight: 4,
        async run({ args, signal, progress, log }) {
          const { receivedPath, sha256 } = args;
          if ((await received.size(receivedPath)) === null)
            throw new LimenError('NOT_FOUND', { kind: 'upload', id: args.volume.name });
          if (sha256 === null) return;
          const work = { signal, onProgress: progress };
          const [digest] = await received.digest(receivedPath, ['sha256'], work);
          if (digest?.value !== sha256) {
            const detail = `its sha256 is ${digest?.value}, not ${sha256}`;
            throw new LimenError('UNSUITABLE_IMAGE', { reason: 'checksum-mismatch', detail });
          }
          log('sha256 is as expected');
        },
        undo: ({ args }) => received.remove(args.receivedPath),
      },
      {
        name: 'inspect',
        async run({ args }) {
          const { format, part, virtualBytes } = await received.inspect(args.receivedPath);
          if (!isKept(format) || part !== null) {
            const detail = `volumes are qcow2 or raw, and this is ${format}`;
            throw new LimenError('UNSUITABLE_IMAGE', { reason: 'unknown-format', detail });
          }
          await requireTarget(args.volume.poolId, format);
          return { format, capacityBytes: virtualBytes };
        },
      },
      {
        name: 'volume',
        prepare: ({ jobId, args }) => news.look(jobId, args.volume),
        run: ({ jobId, args, state, signal }) => news.make(jobId, madeOf(args, state), { signal }),
        undo: ({ jobId, args }) => news.takeBack(jobId, args.volume),
      },
      {
        name: 'copy',
        weight: 20,
        async run({ jobId, args, state, signal, progress }) {
          // Empty again, should an earlier attempt have begun to fill it.
          await news.make(jobId, madeOf(args, state), { signal });
          await volumes.fill(args.volume, args.receivedPath, { signal, onProgress: progress });
        },
      },
      { name: 'settle', run: ({ args }) => received.remove(args.receivedPath) },
    ],
  };
}

function madeOf({ volume }: UploadVolumeArgs, { format, capacityBytes }: Partial<UploadVolumeState>) {
  if (format === undefined || capacityBytes === undefined) throw new LimenError('INTERNAL', {});
  return { ...volume, format, capacityBytes, preallocation: 'none' } as const;
}
