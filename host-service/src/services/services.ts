import type { DatabaseStatus } from '../ports/database-status.ts';
import type { HostIdentity } from '../ports/host-identity.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { ImageFiles } from '../ports/image-files.ts';
import type { ImageStore } from '../ports/images.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Logger } from '../ports/logger.ts';
import type { HostNetworks } from '../ports/networks.ts';
import type { Ownership } from '../ports/ownership.ts';
import type { Presets } from '../ports/presets.ts';
import type { Sessions, Users } from '../ports/sessions.ts';
import { Consoles } from './consoles/consoles.ts';
import { type HardwarePorts, MachineHardwareService } from './hardware/hardware.ts';
import { Host } from './host.ts';
import { Digests } from './images/digests.ts';
import { ImageHolds } from './image-holds.ts';
import { ImageLibrary } from './images/library.ts';
import type { ImageImports } from './images/import/image-imports.ts';
import { Templates } from './images/templates.ts';
import { createReceiving, type ReceivingPorts } from './images/receiving.ts';
import type { Uploads } from './images/uploads.ts';
import { DiskUsers } from './lifecycle/disk-users.ts';
import { createLifecycle, type Lifecycle, type LifecyclePorts } from './lifecycle/lifecycle.ts';
import { Inventory } from './inventory/inventory.ts';
import { LiveSessions } from './live-sessions.ts';
import { Machines } from './machines.ts';
import { Metrics } from './metrics/metrics.ts';
import { Networks } from './networks/networks.ts';
import { type StoragePorts, StorageService } from './storage/storage.ts';
import { type SnapshotPorts, Snapshots } from './snapshots/snapshots.ts';

export interface ServiceDependencies {
  readonly identity: HostIdentity;
  /** libvirt URI in use, e.g. `qemu:///system`. */
  readonly uri: string;
  readonly hypervisor: Hypervisor;
  readonly ownership: Ownership;
  readonly database: DatabaseStatus;
  readonly sessions: Sessions;
  readonly users: Users;
  readonly jobs: Jobs;
  readonly imageStore: ImageStore;
  readonly imageFiles: ImageFiles;
  readonly presets: Presets;
  readonly imageReceiving: ReceivingPorts;
  readonly machineMaking: LifecyclePorts;
  readonly machineHardware: HardwarePorts;
  readonly hostNetworks: HostNetworks;
  readonly hostStorage: StoragePorts;
  readonly machineSnapshots: SnapshotPorts;
  readonly logger: Logger;
}

/** Everything procedures work with. */
export interface Services {
  readonly sessions: Sessions;
  readonly users: Users;
  readonly liveSessions: LiveSessions;
  readonly inventory: Inventory;
  readonly metrics: Metrics;
  readonly machines: Machines;
  readonly consoles: Consoles;
  readonly host: Host;
  readonly jobs: Jobs;
  readonly images: ImageLibrary;
  readonly uploads: Uploads;
  readonly imports: ImageImports;
  readonly templates: Templates;
  readonly lifecycle: Lifecycle;
  readonly hardware: MachineHardwareService;
  readonly networks: Networks;
  readonly storage: StorageService;
  readonly snapshots: Snapshots;
  /** Begin to follow the hypervisor. Call before {@link Hypervisor.start}. */
  start(): void;
  close(): void;
}

/** Wire the services to the ports. Opens nothing. */
export function createServices(deps: ServiceDependencies): Services {
  const { hypervisor, ownership, sessions, users, jobs } = deps;
  const liveSessions = new LiveSessions(sessions);
  const inventory = new Inventory({
    hypervisor,
    ownership,
    logger: deps.logger.child({ part: 'inventory' }),
  });
  const metrics = new Metrics({
    hypervisor,
    inventory,
    logger: deps.logger.child({ part: 'metrics' }),
  });
  const consoles = new Consoles({ hypervisor, inventory, liveSessions });
  const holds = new ImageHolds();
  const images = new ImageLibrary({
    holds,
    store: deps.imageStore,
    files: deps.imageFiles,
    presets: deps.presets,
    inventory,
    logger: deps.logger.child({ part: 'images' }),
  });
  const { uploads, imports } = createReceiving({
    ...deps.imageReceiving,
    store: deps.imageStore,
    files: deps.imageFiles,
    library: images,
    presets: deps.presets,
    jobs,
    logger: deps.logger.child({ part: 'images' }),
  });
  const digests = new Digests({
    ...deps.imageReceiving,
    store: deps.imageStore,
    library: images,
    logger: deps.logger.child({ part: 'images' }),
  });
  const templates = new Templates({
    ...deps.machineMaking,
    ...deps.imageReceiving,
    store: deps.imageStore,
    library: images,
    presets: deps.presets,
    hypervisor,
    inventory,
    jobs,
  });
  const lifecycle = createLifecycle({
    ...deps.machineMaking,
    hardware: deps.machineHardware.hardware,
    snapshots: deps.machineSnapshots.snapshots,
    holds,
    hypervisor,
    inventory,
    jobs,
    ownership,
    presets: deps.presets,
    logger: deps.logger.child({ part: 'machines' }),
  });
  const hardware = new MachineHardwareService({
    ...deps.machineMaking,
    ...deps.machineHardware,
    hypervisor,
    inventory,
    logger: deps.logger.child({ part: 'hardware' }),
  });
  const networks = new Networks({
    hostNetworks: deps.hostNetworks,
    hardware: deps.machineHardware.hardware,
    hypervisor,
    inventory,
    jobs,
    logger: deps.logger.child({ part: 'networks' }),
  });
  const storage = new StorageService({
    ...deps.machineMaking,
    ...deps.hostStorage,
    received: deps.imageReceiving.received,
    hypervisor,
    inventory,
    jobs,
    logger: deps.logger.child({ part: 'storage' }),
  });
  const snapshots = new Snapshots({
    ...deps.machineMaking,
    ...deps.machineSnapshots,
    hypervisor,
    inventory,
    jobs,
    users: new DiskUsers({ ...deps.machineMaking, inventory }),
    logger: deps.logger.child({ part: 'snapshots' }),
  });
  return {
    sessions,
    users,
    liveSessions,
    inventory,
    metrics,
    machines: new Machines({ hypervisor, ownership, inventory }),
    consoles,
    host: new Host({
      identity: deps.identity,
      uri: deps.uri,
      hypervisor,
      inventory,
      database: deps.database,
    }),
    jobs,
    images,
    uploads,
    imports,
    templates,
    lifecycle,
    hardware,
    networks,
    storage,
    snapshots,
    start: () => {
      lifecycle.start();
      images.start();
      digests.start();
      uploads.start();
      storage.start();
      inventory.start();
    },
    close: () => {
      storage.close();
      lifecycle.close();
      networks.close();
      digests.close();
      images.close();
      consoles.close();
      metrics.close();
      inventory.close();
      liveSessions.close();
    },
  };
}
