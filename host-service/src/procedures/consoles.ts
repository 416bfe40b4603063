import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';

export function consoleHandlers(procedures: Pipeline['consoles'], { consoles }: Services) {
  return {
    open: procedures.open.handler(({ input, context }) =>
      consoles.open(requirePrincipal(context.caller), input.machineId),
    ),
  };
}
