import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../procedure.ts';
import { metricsEvent } from '../records/metrics.ts';

export const metrics = {
  watch: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: {
      method: 'GET',
      path: '/metrics-stream',
      summary: 'Live metrics of the host and of all visible machines',
    },
    input: z.object({}),
    output: eventIterator(metricsEvent),
  }),
};
