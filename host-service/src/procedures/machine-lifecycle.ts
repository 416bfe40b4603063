import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';

export function machineLifecycleHandlers(procedures: Pipeline['machines'], { lifecycle }: Services) {
  const { creation, changes, cloning, saving, trash } = lifecycle;
  return {
    creationOptions: procedures.creationOptions.handler(() => creation.options()),
    create: procedures.create.handler(({ input, context }) =>
      creation.create(requirePrincipal(context.caller), input),
    ),
    clone: procedures.clone.handler(({ input, context }) =>
      cloning.clone(requirePrincipal(context.caller), input),
    ),
    update: procedures.update.handler(({ input }) => changes.update(input)),
    finishInstallation: procedures.finishInstallation.handler(({ input }) =>
      changes.finishInstallation(input.machineId),
    ),
    setBootOrder: procedures.setBootOrder.handler(({ input }) =>
      changes.setBootOrder(input.machineId, input.devices),
    ),
    flatten: procedures.flatten.handler(({ input, context }) =>
      cloning.flatten(requirePrincipal(context.caller), input.machineId),
    ),
    save: procedures.save.handler(({ input, context }) =>
      saving.save(requirePrincipal(context.caller), input.machineId),
    ),
    discardSaved: procedures.discardSaved.handler(({ input }) => saving.discard(input.machineId)),
    deletionPlan: procedures.deletionPlan.handler(({ input }) => trash.plan(input.machineId)),
    delete: procedures.delete.handler(({ input, context }) =>
      trash.put(requirePrincipal(context.caller), input.machineId),
    ),
    restore: procedures.restore.handler(({ input }) => trash.restore(input.machineId, input.name)),
    purge: procedures.purge.handler(({ input, context }) =>
      trash.purge(requirePrincipal(context.caller), input),
    ),
  };
}
