import type {
  HypervisorStatus,
  InventoryEvent,
  InventoryPosition,
  Machine,
  MachineId,
} from '@limen/contract';

/**
 * The last known machines of one host, built from its inventory events. Applying an event twice, or an old one
 * late, changes nothing.
 */
export class InventoryStore {
  readonly #machines = new Map<MachineId, Machine>();
  #position: InventoryPosition | null = null;
  #hypervisor: HypervisorStatus | null = null;

  /** Where the next subscription may resume; null asks for a snapshot. */
  get position(): InventoryPosition | null {
    return this.#position;
  }

  machine(id: MachineId): Machine | undefined {
    return this.#machines.get(id);
  }

  /**
   * @returns `applied`, `stale` for what was known already, or `gap` when the event does not continue what is
   * known: then only a new subscription from {@link reset} helps.
   */
  apply(event: InventoryEvent): 'applied' | 'stale' | 'gap' {
    const known = this.#position;
    switch (event.type) {
      case 'snapshot':
        this.#machines.clear();
        for (const machine of event.machines) this.#machines.set(machine.id, machine);
        break;
      case 'changes':
        if (known === null || known.epoch !== event.epoch) return 'gap';
        if (event.revision < known.revision) return 'stale';
        for (const machine of event.upserted) this.#machines.set(machine.id, machine);
        for (const id of event.removed) this.#machines.delete(id);
        break;
    }
    this.#position = { epoch: event.epoch, revision: event.revision };
    this.#hypervisor = event.hypervisor;
    return 'applied';
  }

  /** All there is as one event, for a window that just opened and for the disk; null before the first event. */
  snapshot(): Extract<InventoryEvent, { type: 'snapshot' }> | null {
    if (this.#position === null || this.#hypervisor === null) return null;
    return {
      type: 'snapshot',
      ...this.#position,
      hypervisor: this.#hypervisor,
      machines: [...this.#machines.values()],
    };
  }

  /** Forget everything: another user signed in, or the host's history does not continue ours. */
  reset(): void {
    this.#machines.clear();
    this.#position = null;
    this.#hypervisor = null;
  }
}
