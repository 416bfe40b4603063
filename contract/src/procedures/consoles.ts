import { z } from 'zod';
import { machineId } from '../ids.ts';
import { procedure } from '../procedure.ts';

export const consoles = {
  open: procedure({
    permission: 'machine:console',
    resolve: 'machine',
    mutates: true,
    http: {
      method: 'POST',
      path: '/machines/{machineId}/consoles',
      summary: 'Get a single-use ticket for the WebSocket that carries the console’s RFB bytes',
    },
    input: z.object({ machineId, kind: z.enum(['vnc']).default('vnc') }),
    output: z.object({
      /** WebSocket path on the same host; send the ticket as `Authorization: Ticket <ticket>`, once. */
      path: z.string(),
      ticket: z.string(),
      expiresAt: z.iso.datetime(),
    }),
  }),
};
