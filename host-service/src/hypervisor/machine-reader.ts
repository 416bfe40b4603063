import { type MachineId, machineId } from '@limen/contract';
import {
  type DomainId,
  type DomainRef,
  type DomainStats,
  isNoDomain,
  type LibvirtClient,
  LibvirtError,
  ListDomains,
  procedures,
  Stats,
} from 'node-libvirt';
import type { HypervisorMachine } from '../ports/hypervisor.ts';
import type { Logger } from '../ports/logger.ts';
import { DescriptionCache } from './description-cache.ts';
import type { DomainDescription, VncListener } from './domain-xml.ts';
import { isActive, machineState, type StateNumbers, stateReason } from './machine-state.ts';
import { NO_METADATA } from './machine-metadata.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { ProcessTimes } from './process-times.ts';

const { connect, domains } = procedures;

/** Facts about a domain that its XML does not hold. */
interface Circumstances {
  readonly state: StateNumbers;
  readonly persistent: boolean;
  readonly autostart: boolean;
  readonly managedSave: boolean;
}

/** Deadline of each read. Reads take milliseconds; libvirt answers late only when something is badly wrong. */
const READ = { timeoutMs: 10_000 };
/** States come from libvirt's memory: no reason to queue behind statistics that ask every QEMU. */
const STATES = { ...READ, lane: 'read' } as const;
/** One less than libvirt takes on at once: reading a machine that just changed need not wait for the list. */
const LISTED_AT_ONCE = 4;

/** Reads machine records from libvirt. */
export class MachineReader {
  readonly #client: Pick<LibvirtClient, 'call'>;
  readonly #processTimes: ProcessTimes;
  readonly #descriptions: DescriptionCache;
  readonly #reportUnreadable: (uuid: string, error: unknown) => void;

  constructor(client: Pick<LibvirtClient, 'call'>, processTimes: ProcessTimes, logger: Logger) {
    this.#client = client;
    this.#processTimes = processTimes;
    this.#reportUnreadable = (uuid, error) =>
      logger.warn(
        { machineId: uuid, err: error },
        'could not read a machine’s XML; showing what else is known',
      );
    this.#descriptions = new DescriptionCache(this.#reportUnreadable);
  }

  /** One machine by five calls at once, which is what libvirt takes on together: about a millisecond. */
  async read(id: MachineId): Promise<HypervisorMachine> {
    const domain = { uuid: id };
    const [xml, state, persistent, autostart, managedSave] = await Promise.all([
      this.#client.call(domains.getXmlDesc, { domain }, READ),
      this.#client.call(domains.getState, { domain }, READ),
      this.#client.call(domains.isPersistent, { domain }, READ),
      this.#client.call(domains.getAutostart, { domain }, READ),
      this.#client.call(domains.hasManagedSaveImage, { domain }, READ),
    ]);
    const description = this.#descriptions.describe(id, xml) ?? undescribed(await this.#nameOf(domain));
    return this.#record(id, description, {
      state,
      persistent,
      autostart,
      managedSave,
    });
  }

  /**
   * All machines: what can be asked of many at once is (lists by property, bulk states), so that only the XML is
   * one call a machine. A machine that vanishes meanwhile is left out; one whose XML cannot be had is not, and
   * fails the list only when the connection does.
   */
  async readAll(): Promise<HypervisorMachine[]> {
    const [all, persistent, autostart, managedSave, stats] = await Promise.all([
      this.#list(0),
      this.#list(ListDomains.persistent),
      this.#list(ListDomains.autostart),
      this.#list(ListDomains.managedSave),
      this.#client.call(connect.getAllDomainStats, { domains: [], stats: Stats.state }, STATES),
    ]);
    const states = new Map(stats.map((entry) => [entry.domain.uuid, entry.stats]));
    const sets = {
      persistent: uuids(persistent),
      autostart: uuids(autostart),
      managedSave: uuids(managedSave),
    };
    const machines = await mapConcurrently(all, LISTED_AT_ONCE, (domain) =>
      this.#readListed(domain, states.get(domain.uuid), {
        persistent: sets.persistent.has(domain.uuid),
        autostart: sets.autostart.has(domain.uuid),
        managedSave: sets.managedSave.has(domain.uuid),
      }),
    );
    this.#descriptions.keepOnly(uuids(all));
    return machines.filter((machine) => machine !== null);
  }

  /** Where a machine's VNC server listens; null when it is off or has none. */
  async readVnc(domain: DomainId): Promise<VncListener | null> {
    const [description, running] = await Promise.all([
      this.#describe(domain),
      this.#client.call(domains.isActive, { domain }, READ),
    ]);
    // The definition of a machine that is off may name a port all the same.
    return running ? (description?.vnc ?? null) : null;
  }

  async #describe(domain: DomainId): Promise<DomainDescription | null> {
    return this.#descriptions.describe(
      domain.uuid,
      await this.#client.call(domains.getXmlDesc, { domain }, READ),
    );
  }

  /** libvirt may refuse one machine's XML (its access rules can), which is no reason to lose sight of the others. */
  async #describeListed(domain: DomainRef): Promise<DomainDescription | null> {
    try {
      return await this.#describe(domain);
    } catch (error) {
      if (!(error instanceof LibvirtError) || isNoDomain(error)) throw error;
      this.#reportUnreadable(domain.uuid, error);
      return this.#descriptions.last(domain.uuid);
    }
  }

  async #nameOf({ uuid }: DomainId): Promise<string> {
    const { name } = await this.#client.call(domains.lookupByUuid, { uuid }, READ);
    return name;
  }

  #list(flags: number): Promise<readonly DomainRef[]> {
    return this.#client.call(connect.listAllDomains, { flags }, READ);
  }

  async #readListed(
    domain: DomainRef,
    stats: DomainStats['stats'] | undefined,
    properties: Omit<Circumstances, 'state'>,
  ): Promise<HypervisorMachine | null> {
    const id = machineId.parse(domain.uuid);
    try {
      // Defined after the states were read.
      if (stats === undefined) return await this.read(id);
      const state = {
        state: Number(stats.get('state.state')),
        reason: Number(stats.get('state.reason') ?? 0),
      };
      const description = (await this.#describeListed(domain)) ?? undescribed(domain.name);
      return await this.#record(id, description, { state, ...properties });
    } catch (error) {
      if (isNoDomain(error)) return null;
      throw error;
    }
  }

  async #record(
    id: MachineId,
    description: DomainDescription,
    circumstances: Circumstances,
  ): Promise<HypervisorMachine> {
    const { vnc: _, ...described } = description;
    const state = machineState(circumstances.state.state, circumstances.managedSave);
    const startedAt = isActive(state) ? await this.#processTimes.startedAt(described.name) : null;
    return {
      id,
      ...described,
      state,
      stateReason: stateReason(circumstances.state),
      startedAt: startedAt?.toISOString() ?? null,
      persistent: circumstances.persistent,
      autostart: circumstances.autostart,
    };
  }
}

/** A machine of which only the name is known: it claims nothing, least of all a display. */
function undescribed(name: string): DomainDescription {
  return {
    name,
    title: null,
    description: null,
    accelerator: 'tcg',
    architecture: '',
    machineType: '',
    firmware: 'bios',
    vcpus: { current: 0, maximum: 0 },
    memory: { currentBytes: 0, maximumBytes: 0 },
    osId: null,
    disks: [],
    interfaces: [],
    consoles: { vnc: false, serial: false },
    ...NO_METADATA,
    vnc: null,
  };
}

function uuids(domainList: readonly DomainRef[]): ReadonlySet<string> {
  return new Set(domainList.map((domain) => domain.uuid));
}
