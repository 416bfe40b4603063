import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function jobHandlers(procedures: Pipeline['jobs'], { jobs }: Services) {
  return {
    list: procedures.list.handler(({ context }) => jobs.list(requirePrincipal(context.caller))),
    get: procedures.get.handler(({ input, context }) =>
      jobs.get(requirePrincipal(context.caller), input.jobId),
    ),
    watch: procedures.watch.handler(({ context, signal }) =>
      jobs.watch(requirePrincipal(context.caller), streamSignal(context, signal)),
    ),
    cancel: procedures.cancel.handler(({ input, context }) =>
      jobs.cancel(requirePrincipal(context.caller), input.jobId),
    ),
    retry: procedures.retry.handler(({ input, context }) =>
      jobs.retry(requirePrincipal(context.caller), input.jobId),
    ),
  };
}
