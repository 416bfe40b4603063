import { poolId, preallocation, volumeFormat } from '@limen/contract';
import { z } from 'zod';

/** What jobs of volumes are asked: complete, so that a job does the same whenever it is taken up again. */

const volume = z.object({ poolId, name: z.string() });

/** Volumes it works on, as others who ask for their users hear of them; see `volumeClaim`. */
const claims = z.array(z.string());

export const createVolumeArgs = z.object({
  volume: volume.extend({ format: volumeFormat, capacityBytes: z.number(), preallocation }),
  claims,
});
export type CreateVolumeArgs = z.infer<typeof createVolumeArgs>;

export const cloneVolumeArgs = z.object({
  from: volume,
  to: volume.extend({ format: volumeFormat }),
  /** Of the copy; null: as the source's. */
  capacityBytes: z.number().nullable(),
  claims,
});
export type CloneVolumeArgs = z.infer<typeof cloneVolumeArgs>;

export const wipeVolumeArgs = z.object({ volume, claims });
export type WipeVolumeArgs = z.infer<typeof wipeVolumeArgs>;
