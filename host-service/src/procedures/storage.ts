import type { Services } from '../services/services.ts';
import { requirePrincipal } from './context.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSignal } from './stream-signal.ts';

export function storageHandlers(procedures: Pipeline['storage'], { storage }: Services) {
  return {
    poolTypes: procedures.poolTypes.handler(() => storage.poolTypes()),
    pools: procedures.pools.handler(() => storage.pools()),
    watchPools: procedures.watchPools.handler(({ context, signal }) =>
      storage.watchPools(streamSignal(context, signal)),
    ),
    createPool: procedures.createPool.handler(({ input }) => storage.createPool(input)),
    startPool: procedures.startPool.handler(({ input }) => storage.startPool(input.poolId)),
    stopPool: procedures.stopPool.handler(({ input }) => storage.stopPool(input.poolId)),
    refreshPool: procedures.refreshPool.handler(({ input }) => storage.refreshPool(input.poolId)),
    setPoolAutostart: procedures.setPoolAutostart.handler(({ input }) =>
      storage.setPoolAutostart(input.poolId, input.autostart),
    ),
    deletePool: procedures.deletePool.handler(async ({ input }) => {
      await storage.deletePool(input.poolId, input.deleteVolumes);
      return {};
    }),
    poolHistory: procedures.poolHistory.handler(({ input }) => storage.history(input.poolId, input.days)),
    volumes: procedures.volumes.handler(({ input }) => storage.volumes(input.poolId)),
    watchVolumes: procedures.watchVolumes.handler(({ input, context, signal }) =>
      storage.watchVolumes(input.poolId, streamSignal(context, signal)),
    ),
    orphans: procedures.orphans.handler(() => storage.orphans()),
    createVolume: procedures.createVolume.handler(({ input, context }) =>
      storage.createVolume(requirePrincipal(context.caller), input),
    ),
    cloneVolume: procedures.cloneVolume.handler(({ input, context }) =>
      storage.cloneVolume(requirePrincipal(context.caller), input),
    ),
    resizeVolume: procedures.resizeVolume.handler(({ input: { capacityBytes, shrink, ...name } }) =>
      storage.resizeVolume(name, capacityBytes, shrink),
    ),
    wipeVolume: procedures.wipeVolume.handler(({ input, context }) =>
      storage.wipeVolume(requirePrincipal(context.caller), input),
    ),
    deleteVolume: procedures.deleteVolume.handler(async ({ input }) => {
      await storage.deleteVolume(input);
      return {};
    }),
  };
}
