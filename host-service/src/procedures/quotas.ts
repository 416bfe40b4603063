import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';

export function quotaHandlers(procedures: Pipeline['quotas'], { lifecycle: { quotas } }: Services) {
  return {
    own: procedures.own.handler(({ context }) => quotas.of(requirePrincipal(context.caller).userId)),
    list: procedures.list.handler(() => quotas.list()),
    set: procedures.set.handler(({ input }) => quotas.set(input.userId, input.limits)),
    setDefault: procedures.setDefault.handler(({ input }) => quotas.setDefault(input.limits)),
  };
}
