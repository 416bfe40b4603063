import type { ContractRouterClient } from '@orpc/contract';
import { consoles } from './consoles.ts';
import { hardware } from './hardware.ts';
import { host } from './host.ts';
import { images } from './images.ts';
import { inventory } from './inventory.ts';
import { jobs } from './jobs.ts';
import { machineLifecycle } from './machine-lifecycle.ts';
import { machines } from './machines.ts';
import { metrics } from './metrics.ts';
import { networks } from './networks.ts';
import { quotas } from './quotas.ts';
import { session } from './session.ts';
import { storage } from './storage.ts';
import { snapshots } from './snapshots.ts';
import { system } from './system.ts';
import { users } from './users.ts';

/** Everything a host service can be asked, by domain. */
export const contract = {
  system,
  session,
  users,
  host,
  machines: { ...machines, ...machineLifecycle },
  inventory,
  metrics,
  consoles,
  jobs,
  images,
  quotas,
  hardware,
  networks,
  storage,
  snapshots,
};
export type Contract = typeof contract;

/** A typed client of the whole contract, whatever carries the calls. */
export type ContractClient = ContractRouterClient<Contract>;
