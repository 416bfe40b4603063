import { type HostInfo, LimenError } from '@limen/contract';
import type { DatabaseStatus } from '../ports/database-status.ts';
import type { HostIdentity } from '../ports/host-identity.ts';
import type { Hypervisor, HypervisorFacts } from '../ports/hypervisor.ts';
import type { Inventory } from './inventory/inventory.ts';

export interface HostDependencies {
  readonly identity: HostIdentity;
  readonly hypervisor: Pick<Hypervisor, 'facts' | 'acceleration'>;
  readonly inventory: Pick<Inventory, 'status'>;
  readonly database: DatabaseStatus;
  /** libvirt URI in use, e.g. `qemu:///system`. */
  readonly uri: string;
}

/** The host itself: who it is, what it is made of and how its dependencies are. */
export class Host {
  readonly identity: HostIdentity;
  readonly #deps: HostDependencies;

  constructor(deps: HostDependencies) {
    this.identity = deps.identity;
    this.#deps = deps;
  }

  async info(): Promise<HostInfo> {
    const { hypervisor, identity, inventory, uri } = this.#deps;
    const [facts, database] = await Promise.all([this.#facts(), this.#deps.database.check()]);
    const { chosen, overridden, checks } = hypervisor.acceleration;
    return {
      id: identity.hostId,
      name: identity.name,
      serviceVersion: identity.serviceVersion,
      startedAt: identity.startedAt.toISOString(),
      hypervisor: inventory.status,
      uri,
      hostname: facts?.hostname ?? null,
      libvirtVersion: facts?.libvirtVersion ?? null,
      qemuVersion: facts?.qemuVersion ?? null,
      cpu: facts?.cpu ?? null,
      memoryBytes: facts?.memoryBytes ?? null,
      acceleration: { chosen, overridden, checks: [...checks] },
      database: { kind: this.#deps.database.kind, ...database },
      certificateFingerprint: identity.certificateFingerprint,
    };
  }

  /** For `/health`: which dependencies are up. Bounded by the database's own deadline. */
  async health(): Promise<{ libvirt: boolean; database: boolean }> {
    const database = await this.#deps.database.check();
    return {
      libvirt: this.#deps.inventory.status.state === 'connected',
      database: database.connected,
    };
  }

  /** Null while libvirt is away; the page then shows the rest. */
  async #facts(): Promise<HypervisorFacts | null> {
    try {
      return await this.#deps.hypervisor.facts();
    } catch (error) {
      if (LimenError.is(error, 'HYPERVISOR_UNAVAILABLE') || LimenError.is(error, 'TIMEOUT')) return null;
      throw error;
    }
  }
}
