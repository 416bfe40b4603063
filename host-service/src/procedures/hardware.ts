import { LimenError } from '@limen/contract';
import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function hardwareHandlers(procedures: Pipeline['hardware'], { hardware }: Services) {
  return {
    get: procedures.get.handler(({ input }) => hardware.get(input.machineId)),
    watch: procedures.watch.handler(({ input, context, signal }) =>
      hardware.watch(requirePrincipal(context.caller), input.machineId, streamSignal(context, signal)),
    ),
    edit: procedures.edit.handler(notYet),
    definition: procedures.definition.handler(notYet),
    define: procedures.define.handler(notYet),
    history: procedures.history.handler(notYet),
    undo: procedures.undo.handler(notYet),
  };
}

/** Reading comes first; changes are refused until they are served. */
function notYet(): Promise<never> {
  return Promise.reject(new LimenError('UNSUPPORTED', { feature: 'changing hardware', packages: [] }));
}
