import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function hardwareHandlers(procedures: Pipeline['hardware'], { hardware, lifecycle }: Services) {
  return {
    get: procedures.get.handler(({ input }) => hardware.get(input.machineId)),
    watch: procedures.watch.handler(({ input, context, signal }) =>
      hardware.watch(requirePrincipal(context.caller), input.machineId, streamSignal(context, signal)),
    ),
    edit: procedures.edit.handler(({ input, context }) =>
      hardware.edit(requirePrincipal(context.caller), input),
    ),
    moveDisk: procedures.moveDisk.handler(({ input, context }) =>
      lifecycle.diskMoves.move(requirePrincipal(context.caller), input),
    ),
    definition: procedures.definition.handler(({ input }) => hardware.definition(input.machineId)),
    define: procedures.define.handler(({ input, context }) =>
      hardware.define(requirePrincipal(context.caller), input),
    ),
    history: procedures.history.handler(({ input }) => hardware.history(input.machineId)),
    undo: procedures.undo.handler(({ input, context }) =>
      hardware.undo(requirePrincipal(context.caller), input),
    ),
  };
}
