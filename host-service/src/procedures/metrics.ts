import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function metricsHandlers(procedures: Pipeline['metrics'], { metrics }: Services) {
  return {
    watch: procedures.watch.handler(({ context, signal }) =>
      metrics.watch(requirePrincipal(context.caller), streamSignal(context, signal)),
    ),
  };
}
