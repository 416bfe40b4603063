import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function inventoryHandlers(procedures: Pipeline['inventory'], { inventory }: Services) {
  return {
    watch: procedures.watch.handler(({ input, context, signal }) =>
      inventory.watch(requirePrincipal(context.caller), input.since, streamSignal(context, signal)),
    ),
  };
}
