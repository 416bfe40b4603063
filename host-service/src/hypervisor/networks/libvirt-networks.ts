import { LimenError, type NetworkEdit, type NetworkId } from '@limen/contract';
import {
  ErrorCode,
  events,
  hasCode,
  isOperationInvalid,
  type LibvirtClient,
  type NetworkRef,
  NetworkUpdateFlag,
  NetworkXml,
  procedures,
} from 'node-libvirt';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { ChangeOutcome } from '../../ports/machine-hardware.ts';
import type {
  GivenLease,
  HostLinks,
  HostNetworks,
  NetworkPlan,
  NetworkReading,
} from '../../ports/networks.ts';
import { toLimenError } from '../errors.ts';
import { editDefinition } from './edit-definition.ts';
import { readHostLinks } from './host-links.ts';
import { type LiveStep, type LiveUpdate, liveSteps } from './live-updates.ts';
import { readNetwork, readNetworks, storedText } from './network-reader.ts';
import { newDefinition } from './new-definition.ts';

const { networks } = procedures;
/** Starting waits for dnsmasq and the firewall's lock. */
const CHANGE = { timeoutMs: 60_000 };
const READ = { timeoutMs: 10_000 };

/** The port `HostNetworks` on a libvirt connection. */
export class LibvirtNetworks implements HostNetworks {
  readonly #client: LibvirtClient;
  readonly #listeners = new Set<() => void>();

  constructor(client: LibvirtClient) {
    this.#client = client;
    client.onEvent(events.network.lifecycle, () => {
      for (const listener of this.#listeners) listener();
    });
  }

  onChanged(listener: () => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): Promise<NetworkReading[]> {
    return translated(() => readNetworks(this.#client));
  }

  read(id: NetworkId): Promise<NetworkReading> {
    return translated(() => readNetwork(this.#client, reference(id)), id);
  }

  leases(id: NetworkId): Promise<GivenLease[]> {
    return translated(async () => {
      const given = await this.#client.call(networks.getDhcpLeases, { network: reference(id) }, READ);
      return given.map(({ address, mac, hostname, expires }) => ({
        ip: address,
        mac: mac?.toLowerCase() ?? null,
        hostname,
        expiresAt: expires === 0 ? null : new Date(expires * 1000).toISOString(),
      }));
    }, id);
  }

  links(): Promise<HostLinks> {
    return readHostLinks();
  }

  define(plan: NetworkPlan): Promise<void> {
    return translated(async () => {
      await this.#client.call(networks.define, { xml: newDefinition(plan) }, CHANGE);
    }, plan.id);
  }

  start(id: NetworkId): Promise<void> {
    const network = reference(id);
    return translated(async () => {
      if (await this.#client.call(networks.isActive, { network }, READ)) return;
      await this.#client.call(networks.create, { network }, CHANGE);
    }, id);
  }

  stop(id: NetworkId): Promise<void> {
    const network = reference(id);
    return translated(async () => {
      await this.#client.call(networks.destroy, { network }, CHANGE).catch(unlessSo);
    }, id);
  }

  remove(id: NetworkId): Promise<void> {
    const network = reference(id);
    return translated(async () => {
      try {
        await this.#client.call(networks.destroy, { network }, CHANGE).catch(unlessSo);
        await this.#client.call(networks.undefine, { network }, CHANGE);
      } catch (error) {
        if (!hasCode(error, ErrorCode.noNetwork)) throw error;
      }
    }, id);
  }

  setAutostart(id: NetworkId, autostart: boolean): Promise<void> {
    return translated(
      () => this.#client.call(networks.setAutostart, { network: reference(id), autostart }, CHANGE),
      id,
    );
  }

  change(id: NetworkId, edit: NetworkEdit): Promise<ChangeOutcome> {
    return translated(async () => {
      const { live, persistent } = await readNetwork(this.#client, reference(id));
      if (!persistent) throw new LimenError('CONFLICT', { reason: 'wrong-state', state: 'transient' });
      const text = await storedText(this.#client, reference(id));
      const before = NetworkXml.parse(text);
      const after = NetworkXml.parse(text);
      editDefinition(after, edit);
      const steps = live === null ? null : liveSteps(edit, { before, after, live });
      if (steps !== null) {
        await this.#updateInOrder(id, steps);
        return 'applied';
      }
      await this.#client.call(networks.define, { xml: after.toString() }, CHANGE);
      return live === null ? 'applied' : 'at-next-start';
    }, id);
  }

  /** All of them, or none: in the running network and in what is stored. */
  async #updateInOrder(id: NetworkId, steps: readonly LiveStep[]): Promise<void> {
    const done: LiveStep[] = [];
    try {
      for (const step of steps) {
        await this.#update(id, step.update);
        done.push(step);
      }
    } catch (error) {
      for (const { inverse } of done.toReversed()) {
        await this.#update(id, inverse).catch(() => undefined);
      }
      throw error;
    }
  }

  #update(id: NetworkId, update: LiveUpdate): Promise<void> {
    const flags = NetworkUpdateFlag.live | NetworkUpdateFlag.config;
    return this.#client.call(networks.update, { network: reference(id), ...update, flags }, CHANGE);
  }
}

/** The daemon looks at the UUID alone. */
function reference(id: NetworkId): NetworkRef {
  return { name: '', uuid: id };
}

/** It was stopped already. */
function unlessSo(error: unknown): void {
  if (!isOperationInvalid(error)) throw error;
}

async function translated<T>(work: () => Promise<T>, id = ''): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, ErrorCode.noNetwork)) {
      throw new LimenError('NOT_FOUND', { kind: 'network', id }, { cause: error });
    }
    throw toLimenError(error);
  }
}
