import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../procedure.ts';
import { inventoryEvent, inventoryPosition } from '../records/inventory.ts';

export const inventory = {
  /** The first event comes at once, also when nothing changed since `since`: it is what makes a client `live`. */
  watch: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: {
      method: 'GET',
      path: '/inventory',
      summary:
        'Follow the machines the caller may see: a snapshot (or the changes since a position), then changes',
    },
    input: z.object({ since: inventoryPosition.optional() }),
    output: eventIterator(inventoryEvent),
  }),
};
