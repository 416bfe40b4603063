import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { poolId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import { job } from '../records/job.ts';
import {
  poolSource,
  poolTypeSupport,
  poolUsage,
  poolVolumes,
  preallocation,
  storageName,
  storagePool,
  storageVolume,
  volumeFormat,
  volumeName,
} from '../records/storage.ts';

/** What a volume may be: 1 MiB to 64 TiB. */
const sizeBytes = z
  .number()
  .int()
  .min(2 ** 20)
  .max(64 * 2 ** 40);

const administrators = { permission: 'administrator', resolve: 'none' } as const;

/** The host's storage pools and what lies in them. It is the administrators' business: names of files tell of others. */
export const storage = {
  poolTypes: procedure({
    ...administrators,
    mutates: false,
    http: { method: 'GET', path: '/storage/pool-types', summary: 'Kinds of pools this host can have' },
    input: z.object({}),
    output: z.array(poolTypeSupport),
  }),
  pools: procedure({
    ...administrators,
    mutates: false,
    http: {
      method: 'GET',
      path: '/storage/pools',
      summary: 'All pools, with what they hold and have promised',
    },
    input: z.object({}),
    output: z.array(storagePool),
  }),
  watchPools: procedure({
    ...administrators,
    mutates: false,
    http: {
      method: 'GET',
      path: '/storage/pools/watch',
      summary: 'Follow the pools: all of them at first and after every change, whoever made it',
    },
    input: z.object({}),
    output: eventIterator(z.array(storagePool)),
  }),
  createPool: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'POST',
      path: '/storage/pools',
      summary: 'Define, build and start a pool; nothing is left of one that does not start',
    },
    input: z.object({ name: storageName, source: poolSource, autostart: z.boolean().default(true) }),
    output: storagePool,
  }),
  startPool: procedure({
    ...administrators,
    mutates: true,
    http: { method: 'POST', path: '/storage/pools/{poolId}/start', summary: 'Start a pool' },
    input: z.object({ poolId }),
    output: storagePool,
  }),
  stopPool: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'POST',
      path: '/storage/pools/{poolId}/stop',
      summary: 'Stop a pool; CONFLICT (in-use) names the running machines with disks on it',
    },
    input: z.object({ poolId }),
    output: storagePool,
  }),
  refreshPool: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'POST',
      path: '/storage/pools/{poolId}/refresh',
      summary: 'Have libvirt look at what lies in the pool',
    },
    input: z.object({ poolId }),
    output: storagePool,
  }),
  setPoolAutostart: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'PUT',
      path: '/storage/pools/{poolId}/autostart',
      summary: 'Whether it starts with the host',
    },
    input: z.object({ poolId, autostart: z.boolean() }),
    output: storagePool,
  }),
  deletePool: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'POST',
      path: '/storage/pools/{poolId}/delete',
      summary: 'Forget a pool. What lies in it stays, unless every volume is named',
    },
    input: z.object({
      poolId,
      /**
       * Delete these volumes with it: all that are there, by name. CONFLICT (changed) names those that differ, and
       * (in-use) who needs one.
       */
      deleteVolumes: z.array(volumeName).max(10_000).optional(),
    }),
    output: z.object({}),
  }),
  poolHistory: procedure({
    ...administrators,
    mutates: false,
    http: {
      method: 'GET',
      path: '/storage/pools/{poolId}/history',
      summary: 'How full a pool was, oldest first, thinned out to a few hundred moments',
    },
    input: z.object({ poolId, days: z.coerce.number().int().min(1).max(90).default(30) }),
    output: z.array(poolUsage),
  }),
  volumes: procedure({
    ...administrators,
    mutates: false,
    http: {
      method: 'GET',
      path: '/storage/pools/{poolId}/volumes',
      summary: 'A pool with its volumes and who uses them',
    },
    input: z.object({ poolId }),
    output: poolVolumes,
  }),
  watchVolumes: procedure({
    ...administrators,
    mutates: false,
    http: {
      method: 'GET',
      path: '/storage/pools/{poolId}/volumes/watch',
      summary: 'Follow a pool with its volumes: complete at first and after every change',
    },
    input: z.object({ poolId }),
    output: eventIterator(poolVolumes),
  }),
  orphans: procedure({
    ...administrators,
    mutates: false,
    http: {
      method: 'GET',
      path: '/storage/orphans',
      summary: 'Volumes of running pools that no machine, trash, image, template, volume or job refers to',
    },
    input: z.object({}),
    output: z.array(storageVolume),
  }),
  createVolume: procedure({
    ...administrators,
    mutates: true,
    http: { method: 'POST', path: '/storage/pools/{poolId}/volumes', summary: 'Make an empty volume' },
    input: z.object({
      poolId,
      name: storageName,
      format: volumeFormat,
      capacityBytes: sizeBytes,
      preallocation: preallocation.default('none'),
    }),
    output: job,
  }),
  cloneVolume: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'POST',
      path: '/storage/pools/{poolId}/volumes/clone',
      summary: 'Copy a volume that no running machine uses; the copy stands alone',
    },
    input: z.object({
      poolId,
      name: volumeName,
      /** Where to; the same pool when left out. */
      targetPoolId: poolId.optional(),
      newName: storageName,
      /** As the source's when left out. */
      format: volumeFormat.optional(),
      /** Larger than the source. */
      capacityBytes: sizeBytes.optional(),
    }),
    output: job,
  }),
  resizeVolume: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'POST',
      path: '/storage/pools/{poolId}/volumes/resize',
      summary: 'Change the size guests see. Smaller only with `shrink`, and only of what nobody uses',
    },
    input: z.object({
      poolId,
      name: volumeName,
      capacityBytes: sizeBytes,
      shrink: z.boolean().default(false),
    }),
    output: storageVolume,
  }),
  wipeVolume: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'POST',
      path: '/storage/pools/{poolId}/volumes/wipe',
      summary: 'Overwrite a volume nobody uses; it is empty, of the same size and format, afterwards',
    },
    input: z.object({ poolId, name: volumeName }),
    output: job,
  }),
  deleteVolume: procedure({
    ...administrators,
    mutates: true,
    http: {
      method: 'POST',
      path: '/storage/pools/{poolId}/volumes/delete',
      summary: 'Delete a volume nobody uses; CONFLICT (in-use) names who does',
    },
    input: z.object({ poolId, name: volumeName }),
    output: z.object({}),
  }),
};
