import { z } from 'zod';
import { procedure } from '../procedure.ts';
import { hostInfo } from '../records/host.ts';

export const host = {
  get: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: {
      method: 'GET',
      path: '/host',
      summary: 'Versions, hardware, acceleration and health of this host',
    },
    input: z.object({}),
    output: hostInfo,
  }),
};
