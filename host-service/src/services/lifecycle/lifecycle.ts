import type { Accounts } from '../../ports/accounts.ts';
import type { DiskTool } from '../../ports/disk-tool.ts';
import type { GuestCleaner } from '../../ports/guest-cleaner.ts';
import type { Hypervisor } from '../../ports/hypervisor.ts';
import type { ImageSources } from '../../ports/image-sources.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MachineHardware } from '../../ports/machine-hardware.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineSnapshots } from '../../ports/machine-snapshots.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Ownership } from '../../ports/ownership.ts';
import type { Presets } from '../../ports/presets.ts';
import type { Quotas, Reservations } from '../../ports/reservations.ts';
import type { Sealing } from '../../ports/sealing.ts';
import type { SeedTool } from '../../ports/seed.ts';
import type { ImageHolds } from '../image-holds.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { AllocationSync } from './allocation-sync.ts';
import { Capacity, type CapacityRules } from './capacity.ts';
import { cloneJob } from './clone-job.ts';
import { Cloning } from './cloning.ts';
import { createJob } from './create-job.ts';
import { Creation } from './creation.ts';
import { diskMoveJob } from './disk-move-job.ts';
import { DiskMoves } from './disk-moves.ts';
import { DiskUsers } from './disk-users.ts';
import { flattenJob } from './flatten-job.ts';
import { InstallationWatch } from './installation-watch.ts';
import { MachineChanges } from './machine-changes.ts';
import { MachineNames } from './machine-names.ts';
import { MachinePools } from './machine-pools.ts';
import { purgeJob } from './purge-job.ts';
import { saveJob } from './save-job.ts';
import { Saving } from './saving.ts';
import { SourcePlanner } from './source-planner.ts';
import { Trash } from './trash.ts';
import { TrashCollector } from './trash-collector.ts';

/** What making, changing and deleting machines works with. */
export interface LifecyclePorts {
  readonly accounts: Pick<Accounts, 'find' | 'firstAdministrator'>;
  readonly cleaner: GuestCleaner;
  readonly disks: DiskTool;
  readonly editor: MachineEditor;
  readonly images: ImageSources;
  readonly quotas: Quotas;
  readonly reservations: Reservations;
  readonly sealing: Sealing;
  readonly seeds: SeedTool;
  readonly storage: MachineStorage;
  readonly rules: CapacityRules & { readonly trashDays: number };
}

export interface LifecycleDependencies extends LifecyclePorts {
  readonly hardware: Pick<MachineHardware, 'stored'>;
  readonly snapshots: Pick<MachineSnapshots, 'read'>;
  readonly holds: ImageHolds;
  readonly hypervisor: Hypervisor;
  readonly inventory: Inventory;
  readonly jobs: Jobs;
  readonly ownership: Ownership;
  readonly presets: Presets;
  readonly logger: Logger;
}

/** Making, changing and deleting machines. */
export interface Lifecycle {
  readonly creation: Creation;
  readonly changes: MachineChanges;
  readonly cloning: Cloning;
  readonly saving: Saving;
  readonly diskMoves: DiskMoves;
  readonly trash: Trash;
  readonly quotas: Quotas;
  start(): void;
  close(): void;
}

/** Put it together and register its jobs. Call before the jobs start. */
export function createLifecycle(deps: LifecycleDependencies): Lifecycle {
  const { inventory, jobs, logger } = deps;
  const shared = {
    ...deps,
    capacity: new Capacity(deps),
    names: new MachineNames(inventory),
    users: new DiskUsers(deps),
  };
  jobs.register(createJob(shared));
  jobs.register(cloneJob(shared));
  jobs.register(purgeJob(shared));
  jobs.register(flattenJob(shared));
  jobs.register(saveJob(shared));
  jobs.register(diskMoveJob(shared));
  const trash = new Trash({ ...shared, trashDays: deps.rules.trashDays });
  const followers = [
    new InstallationWatch(shared),
    new AllocationSync(shared),
    new MachinePools({ ...shared, logger: logger.child({ part: 'pools' }) }),
    new TrashCollector({ ...shared, trash }),
  ];
  return {
    creation: new Creation({ ...shared, sources: new SourcePlanner(deps) }),
    changes: new MachineChanges(shared),
    cloning: new Cloning(shared),
    saving: new Saving(shared),
    diskMoves: new DiskMoves(shared),
    trash,
    quotas: deps.quotas,
    start: () => {
      for (const follower of followers) follower.start();
    },
    close: () => {
      for (const follower of followers) follower.close();
    },
  };
}
