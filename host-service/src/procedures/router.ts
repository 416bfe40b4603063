import type { Contract } from '@limen/contract';
import type { Router } from '@orpc/server';
import type { Services } from '../services/services.ts';
import { consoleHandlers } from './consoles.ts';
import type { CallContext } from './context.ts';
import { hardwareHandlers } from './hardware.ts';
import { hostHandlers } from './host.ts';
import { imageHandlers } from './images.ts';
import { inventoryHandlers } from './inventory.ts';
import { jobHandlers } from './jobs.ts';
import { machineLifecycleHandlers } from './machine-lifecycle.ts';
import { machineHandlers } from './machines.ts';
import { metricsHandlers } from './metrics.ts';
import { networkHandlers } from './networks.ts';
import { createPipeline, type PipelineDependencies } from './pipeline.ts';
import { quotaHandlers } from './quotas.ts';
import { sessionHandlers } from './session.ts';
import { storageHandlers } from './storage.ts';
import { snapshotHandlers } from './snapshots.ts';
import { systemHandlers } from './system.ts';
import { userHandlers } from './users.ts';

/** A handler for every procedure of the contract; the compiler and a test see to it that none is missing. */
export function createRouter(services: Services, deps: PipelineDependencies): HostRouter {
  const pipeline = createPipeline(deps);
  return pipeline.router({
    system: systemHandlers(pipeline.system, services),
    session: sessionHandlers(pipeline.session, services),
    users: userHandlers(pipeline.users, services),
    host: hostHandlers(pipeline.host, services),
    machines: {
      ...machineHandlers(pipeline.machines, services),
      ...machineLifecycleHandlers(pipeline.machines, services),
    },
    inventory: inventoryHandlers(pipeline.inventory, services),
    metrics: metricsHandlers(pipeline.metrics, services),
    consoles: consoleHandlers(pipeline.consoles, services),
    jobs: jobHandlers(pipeline.jobs, services),
    images: imageHandlers(pipeline.images, services),
    quotas: quotaHandlers(pipeline.quotas, services),
    hardware: hardwareHandlers(pipeline.hardware, services),
    networks: networkHandlers(pipeline.networks, services),
    storage: storageHandlers(pipeline.storage, services),
    snapshots: snapshotHandlers(pipeline.snapshots, services),
  });
}

/** Said by name: spelled out, it is longer than what the compiler writes into declarations. */
export type HostRouter = Router<Contract, CallContext>;
