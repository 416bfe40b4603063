import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { machineId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import { machineDescription } from '../records/creation.ts';
import { job } from '../records/job.ts';
import {
  knownSnapshotName,
  newSnapshot,
  revertRequest,
  snapshotPicture,
  snapshotTree,
} from '../records/snapshot.ts';

const one = z.object({ machineId, name: knownSnapshotName });

/** Moments of a machine to go back to. */
export const snapshots = {
  list: procedure({
    permission: 'machine:view',
    resolve: 'machine',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines/{machineId}/snapshots',
      summary: 'The snapshots, and in which ways one can be taken now',
    },
    input: z.object({ machineId }),
    output: snapshotTree,
  }),
  watch: procedure({
    permission: 'machine:view',
    resolve: 'machine',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines/{machineId}/snapshots/watch',
      summary: 'Follow the snapshots: complete at first and after every change, whoever made it',
    },
    input: z.object({ machineId }),
    output: eventIterator(snapshotTree),
  }),
  picture: procedure({
    permission: 'machine:view',
    resolve: 'machine',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines/{machineId}/snapshots/{name}/picture',
      summary: 'What was on the screen at that moment',
    },
    input: one,
    output: snapshotPicture,
  }),
  create: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/snapshots',
      summary:
        'Take a snapshot; CONFLICT (name-taken, busy, wrong-state) is answered before anything is done',
    },
    input: newSnapshot,
    output: job,
  }),
  describe: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'PATCH',
      path: '/machines/{machineId}/snapshots/{name}',
      summary: 'Change the description',
    },
    input: one.extend({ description: machineDescription }),
    output: snapshotTree,
  }),
  revert: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/snapshots/{name}/revert',
      summary: 'Go back to a snapshot; the present is lost unless it is taken first',
    },
    input: revertRequest,
    output: job,
  }),
  delete: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'DELETE',
      path: '/machines/{machineId}/snapshots/{name}',
      summary: 'Delete a snapshot, or it and all taken on it; the machine stays as it is now',
    },
    input: one.extend({ children: z.boolean().default(false) }),
    output: job,
  }),
};
