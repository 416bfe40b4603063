import { createSealing } from './auth/sealing.ts';
import type { Config } from './config/schema.ts';
import type { Database } from './database/database.ts';
import { ImageSourceRepository } from './database/repositories/image-sources.ts';
import { QuotaRepository } from './database/repositories/quotas.ts';
import { ReservationRepository } from './database/repositories/reservations.ts';
import type { DiskTool } from './ports/disk-tool.ts';
import type { HostIdentity } from './ports/host-identity.ts';
import type { MachineEditor } from './ports/machine-editor.ts';
import type { Accounts } from './ports/accounts.ts';
import type { LifecyclePorts } from './services/lifecycle/lifecycle.ts';
import { createMachineStorage } from './storage/machine-storage.ts';
import { createSeedTool } from './storage/nocloud-seed.ts';
import { createGuestCleaner } from './storage/virt-sysprep.ts';

interface MachineDependencies {
  readonly config: Config;
  readonly identity: Pick<HostIdentity, 'hostId'>;
  readonly database: Database;
  readonly accounts: Accounts;
  readonly editor: MachineEditor;
  readonly disks: DiskTool;
  readonly sealingKey: Buffer;
}

/** Everything that machines are made with. */
export function composeMachines(dependencies: MachineDependencies): LifecyclePorts {
  const { config, identity, database, accounts, editor, disks, sealingKey } = dependencies;
  return {
    accounts,
    cleaner: createGuestCleaner(),
    disks,
    editor,
    images: new ImageSourceRepository(database, identity.hostId),
    quotas: new QuotaRepository(database),
    reservations: new ReservationRepository(database, identity.hostId),
    sealing: createSealing(sealingKey),
    seeds: createSeedTool(),
    storage: createMachineStorage(config.storage.directory, disks),
    rules: config.storage,
  };
}
