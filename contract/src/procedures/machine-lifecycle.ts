import { z } from 'zod';
import { machineId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import {
  cloneRequest,
  creationOptions,
  deletionDisk,
  machineDescription,
  machineName,
  newMachine,
  startedCreation,
  tags,
} from '../records/creation.ts';
import { job } from '../records/job.ts';
import { machine } from '../records/machine.ts';

/** Making, changing and deleting machines: part of `machines`. */
export const machineLifecycle = {
  creationOptions: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/machines/options', summary: 'What this host can make, and what is left' },
    input: z.object({}),
    output: creationOptions,
  }),
  create: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines',
      summary: 'Make machines; quota and capacity are reserved before the answer, one job each does the rest',
    },
    input: newMachine,
    output: z.array(startedCreation),
  }),
  clone: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: { method: 'POST', path: '/machines/{machineId}/clone', summary: 'Copy a machine that is off' },
    input: cloneRequest,
    output: startedCreation,
  }),
  update: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'PATCH',
      path: '/machines/{machineId}',
      summary: 'Change name (machine off), description, tags or autostart',
    },
    input: z.object({
      machineId,
      name: machineName.optional(),
      description: machineDescription.optional(),
      tags: tags.optional(),
      autostart: z.boolean().optional(),
    }),
    output: machine,
  }),
  finishInstallation: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/finish-installation',
      summary: 'Eject the installation media and boot from the disk from now on',
    },
    input: z.object({ machineId }),
    output: machine,
  }),
  setBootOrder: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'PUT',
      path: '/machines/{machineId}/boot-order',
      summary:
        'Which devices to boot from, by disk target or interface MAC; others are not tried. From the next start',
    },
    input: z.object({ machineId, devices: z.array(z.string().max(64)).max(16) }),
    output: machine,
  }),
  flatten: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/flatten',
      summary: 'Copy what a linked clone shares with its base, so that it stands alone',
    },
    input: z.object({ machineId }),
    output: job,
  }),
  save: procedure({
    permission: 'machine:operate',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/save',
      summary: 'Write the memory to the host’s disk and stop; starting it goes on from there',
    },
    input: z.object({ machineId }),
    output: job,
  }),
  discardSaved: procedure({
    permission: 'machine:operate',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'DELETE',
      path: '/machines/{machineId}/save',
      summary: 'Throw away saved memory; the machine is off then, as after pulling the plug',
    },
    input: z.object({ machineId }),
    output: machine,
  }),
  deletionPlan: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines/{machineId}/deletion-plan',
      summary: 'The disks a deletion concerns',
    },
    input: z.object({ machineId }),
    output: z.array(deletionDisk),
  }),
  delete: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'DELETE',
      path: '/machines/{machineId}',
      summary: 'Put a machine (forced off if it runs) into the trash',
    },
    input: z.object({ machineId }),
    output: machine,
  }),
  restore: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/restore',
      summary: 'Take a machine out of the trash',
    },
    input: z.object({
      machineId,
      /** Another name, when the old one is taken by now. */
      name: machineName.optional(),
    }),
    output: machine,
  }),
  purge: procedure({
    permission: 'machine:manage',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/purge',
      summary:
        'Delete a machine in the trash for good, with its disks in LIMEN’s own pool unless they are kept',
    },
    input: z.object({
      machineId,
      keepDisks: z.boolean().default(false),
      /** Disks outside LIMEN’s own pool that are to be deleted too, each by its path. Administrators only. */
      alsoDelete: z.array(z.string().startsWith('/').max(4096)).max(64).default([]),
    }),
    output: job,
  }),
};
