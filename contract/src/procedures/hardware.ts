import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { machineId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import { job } from '../records/job.ts';
import {
  diskMove,
  editResult,
  hardware as hardwareRecord,
  hardwareEdit,
  keptDefinition,
} from '../records/hardware.ts';

const revision = z.string().max(128);
const xml = z.string().max(1_048_576);

/** What a machine is made of, and changes to it. */
export const hardware = {
  get: procedure({
    permission: 'machine:view',
    resolve: 'machine',
    mutates: false,
    http: { method: 'GET', path: '/machines/{machineId}/hardware', summary: 'Running and stored hardware' },
    input: z.object({ machineId }),
    output: hardwareRecord,
  }),
  watch: procedure({
    permission: 'machine:view',
    resolve: 'machine',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines/{machineId}/hardware/watch',
      summary: 'Follow the hardware: complete at first and after every change, whoever made it',
    },
    input: z.object({ machineId }),
    output: eventIterator(hardwareRecord),
  }),
  edit: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/hardware',
      summary:
        'Make changes in order; stops at the first that is refused. CONFLICT (changed) when the revision is old',
    },
    input: z.object({
      machineId,
      revision,
      edits: z.array(hardwareEdit).min(1).max(64),
      /** `now`: in the running machine where QEMU can, and stored; `next-start`: only stored. */
      when: z.enum(['now', 'next-start']),
    }),
    /** One result for each edit tried, in order. */
    output: z.object({ results: z.array(editResult), hardware: hardwareRecord }),
  }),
  moveDisk: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/disks/{target}/move',
      summary: 'Copy a disk to another place or format and use the copy, while the machine runs or is off',
    },
    input: diskMove.extend({ machineId }),
    output: job,
  }),
  definition: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines/{machineId}/definition',
      summary: 'The XML as libvirt has it, secrets left out',
    },
    input: z.object({ machineId }),
    output: z.object({ revision, stored: xml, live: xml.nullable() }),
  }),
  define: procedure({
    permission: 'administrator',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'PUT',
      path: '/machines/{machineId}/definition',
      summary: 'Replace the stored XML after libvirt has validated it; name and UUID must stay',
    },
    input: z.object({ machineId, revision, xml }),
    output: hardwareRecord,
  }),
  history: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines/{machineId}/definition/history',
      summary: 'Definitions before this one, newest first',
    },
    input: z.object({ machineId }),
    output: z.array(keptDefinition),
  }),
  undo: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/definition/undo',
      summary: 'Go back to the definition before this one; disks that were deleted do not come back',
    },
    input: z.object({ machineId, revision }),
    output: hardwareRecord,
  }),
};
