import { dirname } from 'node:path';
import { type HypervisorStatus, type MachineId, machineId, type PowerAction } from '@limen/contract';
import {
  type BackoffOptions,
  type ClientStatus,
  type DomainEventName,
  LibvirtClient,
  resolveDaemon,
} from 'node-libvirt';
import type {
  Acceleration,
  ConsoleEndpoint,
  HostCounters,
  Hypervisor,
  HypervisorFacts,
  HypervisorMachine,
  MachineCounters,
  Unsubscribe,
} from '../ports/hypervisor.ts';
import type { Logger } from '../ports/logger.ts';
import type { MachineEditor } from '../ports/machine-editor.ts';
import type { MachineHardware } from '../ports/machine-hardware.ts';
import type { HostNetworks } from '../ports/networks.ts';
import type { StoragePools } from '../ports/storage-pools.ts';
import type { StorageReferences, StorageVolumes } from '../ports/storage-volumes.ts';
import type { MachineSnapshots } from '../ports/machine-snapshots.ts';
import { type AccelerationOverride, assumedAcceleration, checkAcceleration } from './acceleration.ts';
import { consoleEndpoint } from './console-endpoint.ts';
import { readHostCounters, readMachineCounters } from './counters.ts';
import { translated } from './errors.ts';
import { readFacts } from './facts.ts';
import { LibvirtMachineHardware } from './hardware/libvirt-hardware.ts';
import { LibvirtMachineEditor } from './machine-editor.ts';
import { MachineReader } from './machine-reader.ts';
import { LibvirtNetworks } from './networks/libvirt-networks.ts';
import { changePower } from './power.ts';
import { ProcessTimes } from './process-times.ts';
import { LibvirtStoragePools } from './storage/libvirt-pools.ts';
import { LibvirtStorageVolumes } from './storage/libvirt-volumes.ts';
import { LibvirtStorageReferences } from './storage/references.ts';
import { LibvirtMachineSnapshots } from './snapshots/libvirt-snapshots.ts';

export interface LibvirtHypervisorOptions {
  /** e.g. `qemu:///system`, or `qemu+unix:///system?socket=/path`. */
  readonly uri: string;
  /** The daemon's socket, instead of the well-known places. */
  readonly socketPath?: string | undefined;
  readonly accelerationOverride: AccelerationOverride;
  /** How long to wait between attempts to connect; by default the client's own. */
  readonly reconnect?: BackoffOptions | undefined;
  readonly logger: Logger;
}

/** Events after which a machine's record may read differently. */
const recordEvents = [
  'lifecycle',
  'reboot',
  'balloon',
  'tunable',
  'metadataChange',
  'deviceAdded',
  'deviceRemoved',
  'diskChange',
  'trayChange',
  'ioErrorReason',
  'powerWakeup',
  'powerSuspend',
  'powerSuspendDisk',
  'memoryDeviceSizeChange',
] as const satisfies readonly DomainEventName[];

/** The port `Hypervisor` on a libvirt daemon of this machine. Throws RangeError when the URI is not a local one. */
export function createLibvirtHypervisor(options: LibvirtHypervisorOptions): EditableHypervisor {
  return new LibvirtHypervisor(options);
}

/** A hypervisor, and the means to change its machines and networks over the same connection. */
export interface EditableHypervisor extends Hypervisor {
  readonly editor: MachineEditor;
  readonly hardware: MachineHardware;
  readonly networks: HostNetworks;
  readonly pools: StoragePools;
  readonly volumes: StorageVolumes;
  readonly references: StorageReferences;
  readonly snapshots: MachineSnapshots;
}

class LibvirtHypervisor implements EditableHypervisor {
  readonly editor: MachineEditor;
  readonly hardware: MachineHardware;
  readonly networks: HostNetworks;
  readonly pools: StoragePools;
  readonly volumes: StorageVolumes;
  readonly references: StorageReferences;
  readonly snapshots: MachineSnapshots;
  readonly #options: LibvirtHypervisorOptions;
  readonly #client: LibvirtClient;
  readonly #machines: MachineReader;
  readonly #statusListeners = new Set<(status: HypervisorStatus) => void>();
  readonly #machineListeners = new Set<(machineId: MachineId) => void>();
  #status: HypervisorStatus = { state: 'connecting', since: new Date().toISOString(), detail: null };
  #acceleration: Acceleration;

  constructor(options: LibvirtHypervisorOptions) {
    const { uri, socketPath, reconnect, logger } = options;
    this.#options = options;
    this.#acceleration = assumedAcceleration(options.accelerationOverride);
    this.#client = new LibvirtClient({
      uri,
      socketPath,
      ...(reconnect && { backoff: reconnect }),
      onWarning: (message, error) => logger.info({ err: error }, message),
    });
    const [socket] = resolveDaemon(uri, socketPath === undefined ? {} : { socketPath }).socketPaths;
    this.#machines = new MachineReader(
      this.#client,
      new ProcessTimes(socket === undefined ? null : dirname(socket)),
      logger,
    );
    this.editor = new LibvirtMachineEditor(this.#client, () => this.#acceleration);
    this.hardware = new LibvirtMachineHardware(this.#client);
    this.networks = new LibvirtNetworks(this.#client);
    this.pools = new LibvirtStoragePools(this.#client);
    this.volumes = new LibvirtStorageVolumes(this.#client);
    this.references = new LibvirtStorageReferences(this.#client);
    this.snapshots = new LibvirtMachineSnapshots(this.#client);
    this.#client.onStatus((status) => this.#onClientStatus(status));
    for (const name of recordEvents) {
      this.#client.onDomainEvent(name, ({ domain }) => this.#announce(domain.uuid));
    }
  }

  start(): void {
    this.#client.start();
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  get status(): HypervisorStatus {
    return this.#status;
  }

  get acceleration(): Acceleration {
    return this.#acceleration;
  }

  onStatus(listener: (status: HypervisorStatus) => void): Unsubscribe {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  onMachineChanged(listener: (machineId: MachineId) => void): Unsubscribe {
    this.#machineListeners.add(listener);
    return () => this.#machineListeners.delete(listener);
  }

  listMachines(): Promise<HypervisorMachine[]> {
    return translated(() => this.#machines.readAll());
  }

  getMachine(id: MachineId): Promise<HypervisorMachine> {
    return translated(() => this.#machines.read(id), id);
  }

  power(id: MachineId, action: PowerAction): Promise<void> {
    return translated(() => changePower(this.#client, id, action), id);
  }

  machineCounters(): Promise<MachineCounters[]> {
    return translated(() => readMachineCounters(this.#client));
  }

  hostCounters(): Promise<HostCounters> {
    return translated(() => readHostCounters(this.#client));
  }

  facts(): Promise<HypervisorFacts> {
    return translated(() => readFacts(this.#client));
  }

  async vncEndpoint(id: MachineId): Promise<ConsoleEndpoint> {
    return consoleEndpoint(await translated(() => this.#machines.readVnc({ uuid: id }), id));
  }

  #announce(uuid: string): void {
    const id = machineId.parse(uuid);
    for (const listener of this.#machineListeners) listener(id);
  }

  /** While the client tries again and again, it stays "unavailable": trying is not news. */
  #onClientStatus({ state, since, error }: ClientStatus): void {
    const { logger } = this.#options;
    switch (state) {
      case 'idle':
      case 'connecting':
        return;
      case 'connected':
        this.#setStatus({ state: 'connected', since: since.toISOString(), detail: null });
        logger.info({ uri: this.#options.uri }, 'connected to libvirt');
        void this.#checkAcceleration();
        return;
      case 'unavailable':
        this.#onUnavailable(since, error?.message ?? null);
        return;
      case 'closed':
        this.#setStatus({ state: 'unavailable', since: since.toISOString(), detail: 'closed' });
    }
  }

  #onUnavailable(since: Date, detail: string | null): void {
    const known = this.#status.state === 'unavailable';
    if (known && this.#status.detail === detail) return;
    if (!known) this.#options.logger.warn({ detail }, 'no connection to libvirt');
    this.#setStatus({
      state: 'unavailable',
      since: known ? this.#status.since : since.toISOString(),
      detail,
    });
  }

  #setStatus(status: HypervisorStatus): void {
    this.#status = status;
    for (const listener of this.#statusListeners) listener(status);
  }

  async #checkAcceleration(): Promise<void> {
    const { accelerationOverride, logger } = this.#options;
    try {
      this.#acceleration = await checkAcceleration(this.#client, accelerationOverride);
      logger.info({ acceleration: this.#acceleration }, 'acceleration checked');
    } catch (error) {
      // The connection went away: the next one checks again.
      logger.warn({ err: error }, 'could not check acceleration');
    }
  }
}
