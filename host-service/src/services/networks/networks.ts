import { randomUUID } from 'node:crypto';
import {
  checkEdit,
  checkNewNetwork,
  type EditResult,
  explainProblem,
  type Job,
  LimenError,
  type Network,
  type NetworkEdit,
  networkDifferences,
  networkId as networkIdSchema,
  type NetworkId,
  type NetworkProblem,
  type NetworksSnapshot,
  type NewNetwork,
  overlap,
  parseInterface,
} from '@limen/contract';
import type { Hypervisor, Unsubscribe } from '../../ports/hypervisor.ts';
import type { Jobs } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MachineHardware } from '../../ports/machine-hardware.ts';
import type { HostNetworks, NetworkReading } from '../../ports/networks.ts';
import type { Principal } from '../../ports/principal.ts';
import { refusedEdit } from '../hardware/refused-edit.ts';
import { Coalescer } from '../inventory/coalescer.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { createNetworkJob } from './create-network-job.ts';
import {
  foreignBridges,
  nameOf,
  networkFor,
  type NetworkPicture,
  plugsOf,
  snapshotFor,
  takenSubnets,
} from './network-picture.ts';
import { NetworkPlugs, type Plug } from './network-plugs.ts';
import { watchNetworks } from './network-watch.ts';
import { SeenNetworks } from './seen-networks.ts';
import { Turns } from './turns.ts';

export interface NetworksDependencies {
  readonly hostNetworks: HostNetworks;
  readonly hardware: Pick<MachineHardware, 'stored' | 'onChanged'>;
  readonly hypervisor: Pick<Hypervisor, 'onStatus'>;
  readonly inventory: Pick<Inventory, 'machines' | 'onChanged'>;
  readonly jobs: Pick<Jobs, 'register' | 'enqueue'>;
  readonly logger: Logger;
}

/** An edit as it was asked for. */
export interface NetworkEditRequest {
  readonly networkId: NetworkId;
  readonly revision: string;
  readonly edits: readonly NetworkEdit[];
}

/** The networks of this host, and changes to them: one at a time, since each must keep clear of the others. */
export class Networks {
  readonly #deps: NetworksDependencies;
  readonly #plugs: NetworkPlugs;
  readonly #pictures: Coalescer<'all', NetworkPicture>;
  readonly #seen = new SeenNetworks();
  readonly #turns = new Turns();
  readonly #listeners = new Set<() => void>();

  /** Registers its job: call before jobs start. */
  constructor(deps: NetworksDependencies) {
    this.#deps = deps;
    this.#plugs = new NetworkPlugs(deps);
    this.#pictures = new Coalescer(() => this.#look(), 1);
    deps.jobs.register(
      createNetworkJob({
        hostNetworks: deps.hostNetworks,
        definedBesideOthers: (plan, define) =>
          this.#turns.run(async () => {
            await this.#requireFit(plan, plan.id);
            await define();
          }),
        onChanged: () => this.#announce(),
      }),
    );
  }

  close(): void {
    this.#plugs.close();
  }

  async list(principal: Principal): Promise<NetworksSnapshot> {
    return snapshotFor(principal, await this.#pictures.run('all'));
  }

  watch(principal: Principal, signal: AbortSignal): AsyncGenerator<NetworksSnapshot, void, void> {
    const { hypervisor, logger } = this.#deps;
    const read = () => this.list(principal);
    return watchNetworks(
      { hypervisor, logger, read, onChanged: (listener) => this.#onChanged(listener) },
      signal,
    );
  }

  async get(principal: Principal, id: NetworkId): Promise<Network> {
    const picture = await this.#pictures.run('all');
    const reading = picture.readings.find((each) => each.id === id);
    if (reading === undefined) throw new LimenError('NOT_FOUND', { kind: 'network', id });
    return networkFor(principal, reading, picture);
  }

  /** Rejects with `INVALID_INPUT` for what would not fit, `CONFLICT` (`busy`) while one of that name is being made. */
  create(principal: Principal, wish: NewNetwork): Promise<Job> {
    return this.#turns.run(async () => {
      await this.#requireFit(wish);
      return this.#deps.jobs.enqueue({
        kind: 'network.create',
        args: { ...wish, id: networkIdSchema.parse(randomUUID()) },
        subject: { name: wish.name },
        createdBy: principal,
        dedupeKey: `network ${wish.name}`,
      });
    });
  }

  /**
   * Make edits in order, up to the first that is refused. Rejects with `CONFLICT` (`changed`, with what is different)
   * when the definition is not the one they were made on, and `wrong-state` when libvirt does not keep it.
   */
  edit(
    principal: Principal,
    { networkId, revision, edits }: NetworkEditRequest,
  ): Promise<{ results: EditResult[]; network: Network }> {
    const results: EditResult[] = [];
    return this.#change(principal, networkId, async (before) => {
      this.#requireRevision(before, revision);
      if (!before.persistent) throw new LimenError('CONFLICT', { reason: 'wrong-state', state: 'transient' });
      for (const edit of edits) {
        const result = await this.#make(networkId, edit).then(
          (outcome): EditResult => ({ outcome }),
          (error: unknown) => refusedEdit(error),
        );
        results.push(result);
        if (result.outcome === 'refused') break;
      }
    }).then((network) => ({ results, network }));
  }

  /** Rejects with `INVALID_INPUT` when a subnet of it is reached by other ways now. */
  start(principal: Principal, id: NetworkId): Promise<Network> {
    return this.#change(principal, id, async (reading) => {
      if (reading.active) return;
      await this.#requireClear(reading);
      await this.#deps.hostNetworks.start(id);
    });
  }

  /** Rejects with `CONFLICT` (`in-use`, with their names) while running machines are plugged in. */
  stop(principal: Principal, id: NetworkId): Promise<Network> {
    return this.#change(principal, id, async (reading) => {
      await this.#requireUnused(reading, ({ live }) => live);
      await this.#deps.hostNetworks.stop(id);
    });
  }

  setAutostart(principal: Principal, id: NetworkId, autostart: boolean): Promise<Network> {
    return this.#change(principal, id, () => this.#deps.hostNetworks.setAutostart(id, autostart));
  }

  /** Rejects with `CONFLICT` (`in-use`, with their names) while any machine has it. */
  delete(id: NetworkId): Promise<void> {
    return this.#turns.run(async () => {
      await this.#requireUnused(await this.#deps.hostNetworks.read(id), () => true);
      await this.#deps.hostNetworks.remove(id);
      this.#announce();
    });
  }

  #change(
    principal: Principal,
    id: NetworkId,
    work: (before: NetworkReading) => Promise<void>,
  ): Promise<Network> {
    return this.#turns.run(async () => {
      const before = await this.#deps.hostNetworks.read(id);
      this.#seen.add(before);
      try {
        await work(before);
      } finally {
        this.#announce();
      }
      const picture = await this.#pictures.run('all');
      const after = picture.readings.find((each) => each.id === id) ?? forgotten(before);
      if (after === null) throw new LimenError('NOT_FOUND', { kind: 'network', id });
      return networkFor(principal, after, picture);
    });
  }

  async #make(id: NetworkId, edit: NetworkEdit) {
    const { readings, links } = await this.#looked();
    const present = readings.find((reading) => reading.id === id);
    if (present === undefined) throw new LimenError('NOT_FOUND', { kind: 'network', id });
    const around = {
      taken: takenSubnets({ readings, links }, id),
      devices: links.devices,
      bridges: foreignBridges({ readings, links }).map(({ name }) => name),
    };
    requireNone(checkEdit(edit, present.stored, around));
    return this.#deps.hostNetworks.change(id, edit);
  }

  async #requireFit(wish: NewNetwork, except?: NetworkId): Promise<void> {
    const { readings, links } = await this.#looked();
    const others = readings.filter(({ id }) => id !== except);
    const problems = checkNewNetwork(wish, {
      taken: takenSubnets({ readings, links }, except),
      devices: [...links.devices, ...others.flatMap(({ stored }) => stored.bridge ?? [])],
      bridges: foreignBridges({ readings: others, links }).map(({ name }) => name),
      networkNames: others.map(({ name }) => name),
    });
    requireNone(problems);
  }

  async #requireClear({ id, stored }: NetworkReading): Promise<void> {
    const { readings, links } = await this.#looked();
    // One that does not run is in nobody's way.
    const running = readings.filter(({ active }) => active);
    const taken = takenSubnets({ readings: running, links }, id);
    for (const { family, address } of stored.addresses) {
      const subnet = parseInterface(address)?.subnet;
      const other = taken.find((each) => {
        const theirs = parseInterface(each.subnet)?.subnet;
        return subnet !== undefined && theirs !== undefined && overlap(subnet, theirs);
      });
      if (other === undefined) continue;
      const reason = other.by === 'device' ? 'overlaps-host' : 'overlaps-network';
      requireNone([{ path: [family, 'address'], reason, detail: `${other.name} (${other.subnet})` }]);
    }
  }

  async #requireUnused(reading: NetworkReading, counts: (plug: Plug) => boolean): Promise<void> {
    this.#plugs.forgetStored();
    const plugs = plugsOf(reading, await this.#plugs.list()).filter(counts);
    if (plugs.length === 0) return;
    const names = [...new Set(plugs.map(({ machine }) => nameOf(machine)))].toSorted();
    throw new LimenError('CONFLICT', { reason: 'in-use', names });
  }

  #requireRevision(present: NetworkReading, revision: string): void {
    if (present.revision === revision) return;
    const known = this.#seen.find(present.id, revision);
    const parts = known === undefined ? [] : networkDifferences(known.stored, present.stored);
    throw new LimenError('CONFLICT', {
      reason: 'changed',
      names: parts.length === 0 ? ['definition'] : parts,
    });
  }

  async #looked(): Promise<Pick<NetworkPicture, 'readings' | 'links'>> {
    const { hostNetworks } = this.#deps;
    const [readings, links] = await Promise.all([hostNetworks.list(), hostNetworks.links()]);
    return { readings, links };
  }

  async #look(): Promise<NetworkPicture> {
    const { hostNetworks } = this.#deps;
    const [{ readings, links }, plugs] = await Promise.all([this.#looked(), this.#plugs.list()]);
    for (const reading of readings) this.#seen.add(reading);
    this.#seen.keepOnly(new Set(readings.map(({ id }) => id)));
    const giving = readings.filter(({ live }) => live?.addresses.some(givesOut) === true);
    const leases = await Promise.all(
      giving.map(async ({ id }) => [id, await hostNetworks.leases(id).catch(noneIfGone)] as const),
    );
    return { readings, links, plugs, leases: new Map(leases) };
  }

  #onChanged(listener: () => void): Unsubscribe {
    const { hostNetworks, hardware, inventory } = this.#deps;
    this.#listeners.add(listener);
    const subscriptions = [
      hostNetworks.onChanged(listener),
      hardware.onChanged(listener),
      inventory.onChanged(listener),
    ];
    return () => {
      this.#listeners.delete(listener);
      for (const unsubscribe of subscriptions) unsubscribe();
    };
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What libvirt does not keep is gone when it stops, and that is no failure. */
function forgotten(before: NetworkReading): NetworkReading | null {
  return before.persistent ? null : { ...before, active: false, live: null };
}

function givesOut({ ranges, staticLeases }: NetworkReading['stored']['addresses'][number]): boolean {
  return ranges.length + staticLeases.length > 0;
}

/** It was stopped or deleted since the list. */
function noneIfGone(error: unknown): [] {
  if (LimenError.is(error, 'NOT_FOUND') || LimenError.is(error, 'CONFLICT')) return [];
  throw error;
}

function requireNone(problems: readonly NetworkProblem[]): void {
  if (problems.length === 0) return;
  const issues = problems.map((problem) => ({ path: [...problem.path], message: explainProblem(problem) }));
  throw new LimenError(
    'INVALID_INPUT',
    { issues },
    { message: issues.map(({ message }) => message).join('; ') },
  );
}
