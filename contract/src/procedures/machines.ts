import { z } from 'zod';
import { machineId, userId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import { machine, powerAction } from '../records/machine.ts';

export const machines = {
  list: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines',
      summary: 'All machines the caller may see',
    },
    input: z.object({}),
    output: z.array(machine),
  }),
  get: procedure({
    permission: 'machine:view',
    resolve: 'machine',
    mutates: false,
    http: {
      method: 'GET',
      path: '/machines/{machineId}',
      summary: 'One machine',
    },
    input: z.object({ machineId }),
    output: machine,
  }),
  power: procedure({
    permission: 'machine:operate',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/power',
      summary:
        'Start, shut down, reboot, reset, suspend, resume or force off; answers with the machine after it',
    },
    input: z.object({ machineId, action: powerAction }),
    output: machine,
  }),
  setOwner: procedure({
    permission: 'administrator',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'PUT',
      path: '/machines/{machineId}/owner',
      summary: 'Give a machine to a user, or to nobody',
    },
    input: z.object({ machineId, userId: userId.nullable() }),
    output: machine,
  }),
};
