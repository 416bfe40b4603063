import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function networkHandlers(procedures: Pipeline['networks'], { networks }: Services) {
  return {
    list: procedures.list.handler(({ context }) => networks.list(requirePrincipal(context.caller))),
    watch: procedures.watch.handler(({ context, signal }) =>
      networks.watch(requirePrincipal(context.caller), streamSignal(context, signal)),
    ),
    get: procedures.get.handler(({ input, context }) =>
      networks.get(requirePrincipal(context.caller), input.networkId),
    ),
    create: procedures.create.handler(({ input, context }) =>
      networks.create(requirePrincipal(context.caller), input),
    ),
    edit: procedures.edit.handler(({ input, context }) =>
      networks.edit(requirePrincipal(context.caller), input),
    ),
    start: procedures.start.handler(({ input, context }) =>
      networks.start(requirePrincipal(context.caller), input.networkId),
    ),
    stop: procedures.stop.handler(({ input, context }) =>
      networks.stop(requirePrincipal(context.caller), input.networkId),
    ),
    setAutostart: procedures.setAutostart.handler(({ input, context }) =>
      networks.setAutostart(requirePrincipal(context.caller), input.networkId, input.autostart),
    ),
    delete: procedures.delete.handler(async ({ input }) => {
      await networks.delete(input.networkId);
      return {};
    }),
  };
}
