import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function snapshotHandlers(procedures: Pipeline['snapshots'], { snapshots }: Services) {
  return {
    list: procedures.list.handler(({ input }) => snapshots.list(input.machineId)),
    watch: procedures.watch.handler(({ input, context, signal }) =>
      snapshots.watch(requirePrincipal(context.caller), input.machineId, streamSignal(context, signal)),
    ),
    picture: procedures.picture.handler(({ input }) => snapshots.picture(input.machineId, input.name)),
    create: procedures.create.handler(({ input, context }) =>
      snapshots.create(requirePrincipal(context.caller), input),
    ),
    describe: procedures.describe.handler(({ input }) =>
      snapshots.describe(input.machineId, input.name, input.description),
    ),
    revert: procedures.revert.handler(({ input, context }) =>
      snapshots.revert(requirePrincipal(context.caller), input),
    ),
    delete: procedures.delete.handler(({ input, context }) =>
      snapshots.delete(requirePrincipal(context.caller), input),
    ),
  };
}
