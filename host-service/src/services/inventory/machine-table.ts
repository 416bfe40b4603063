import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  HypervisorStatus,
  InventoryEvent,
  InventoryPosition,
  Machine,
  MachineId,
  MachineState,
} from '@limen/contract';
import { Pulse } from '../pulse.ts';
import { isInScope, type Scope } from '../visibility.ts';
import { type Backlog, RevisionLog, type Touch } from './revision-log.ts';

/** Touches kept for resuming. A host with 1,000 machines that all change four times stays within it. */
const LOG_CAPACITY = 4096;

type ChangeListener = (machineId: MachineId) => void;

export interface TableChange {
  readonly upserted?: Iterable<Machine>;
  readonly removed?: Iterable<MachineId>;
  readonly status?: HypervisorStatus;
}

/**
 * The published state: all machine records, the hypervisor's status, and a revision that counts what changed.
 * It knows nothing of where records come from.
 */
export class MachineTable {
  readonly epoch = randomUUID();
  readonly #machines = new Map<MachineId, Machine>();
  readonly #log: RevisionLog;
  readonly #pulse = new Pulse();
  readonly #listeners = new Set<ChangeListener>();
  #status: HypervisorStatus;

  constructor(status: HypervisorStatus, logCapacity = LOG_CAPACITY) {
    this.#status = status;
    this.#log = new RevisionLog(logCapacity);
  }

  get status(): HypervisorStatus {
    return this.#status;
  }

  get(machineId: MachineId): Machine | undefined {
    return this.#machines.get(machineId);
  }

  all(): Machine[] {
    return [...this.#machines.values()];
  }

  inScope(scope: Scope): Machine[] {
    return this.all().filter((machine) => isInScope(scope, machine.owner?.id ?? null));
  }

  countByState(): ReadonlyMap<MachineState, number> {
    const counts = new Map<MachineState, number>();
    for (const { state } of this.#machines.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
    return counts;
  }

  /** Called after a record changed or went away. */
  onChanged(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Apply all of it as one revision. What changes nothing makes no revision. */
  apply(change: TableChange): void {
    const touches: Touch[] = [];
    for (const machine of change.upserted ?? []) {
      const before = this.#machines.get(machine.id);
      if (isDeepStrictEqual(before, machine)) continue;
      this.#machines.set(machine.id, machine);
      touches.push(touchOf(machine.id, before));
    }
    for (const machineId of change.removed ?? []) {
      const before = this.#machines.get(machineId);
      if (this.#machines.delete(machineId)) touches.push(touchOf(machineId, before));
    }
    const statusChanged = change.status !== undefined && !isDeepStrictEqual(change.status, this.#status);
    if (change.status !== undefined) this.#status = change.status;
    if (touches.length === 0 && !statusChanged) return;
    this.#log.append(touches, statusChanged);
    this.#pulse.beat();
    for (const { machineId } of touches) {
      for (const listener of this.#listeners) listener(machineId);
    }
  }

  /**
   * Follow what is in `scope`: first a snapshot (or, from a position the log still covers, the changes since),
   * then changes as they come. A consumer that is slow to ask for more gets the present records, not the history.
   */
  async *watch(
    scope: Scope,
    since: InventoryPosition | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<InventoryEvent, void, void> {
    let position = since?.epoch === this.epoch ? since.revision : null;
    // The first event always comes, even when it is empty: it is how a client knows that it is up to date.
    let due = true;
    while (!signal.aborted) {
      const backlog = position === null ? null : this.#log.since(position);
      position = this.#log.revision;
      const event = backlog ? this.#changes(scope, backlog, due) : this.#snapshot(scope);
      due = false;
      if (event) yield event;
      if (position === this.#log.revision) await this.#pulse.next(signal);
    }
  }

  #snapshot(scope: Scope): InventoryEvent {
    return {
      type: 'snapshot',
      ...this.#position(),
      hypervisor: this.#status,
      machines: this.inScope(scope),
    };
  }

  #changes(scope: Scope, backlog: Backlog, due: boolean): InventoryEvent | null {
    const upserted: Machine[] = [];
    const removed: MachineId[] = [];
    for (const [machineId, touches] of backlog.touches) {
      const machine = this.#machines.get(machineId);
      if (machine && isInScope(scope, machine.owner?.id ?? null)) upserted.push(machine);
      else if (touches.some((touch) => touch.existed && isInScope(scope, touch.previousOwner)))
        removed.push(machineId);
    }
    if (!due && !backlog.statusChanged && upserted.length === 0 && removed.length === 0) return null;
    return {
      type: 'changes',
      ...this.#position(),
      hypervisor: this.#status,
      upserted,
      removed,
    };
  }

  #position(): InventoryPosition {
    return { epoch: this.epoch, revision: this.#log.revision };
  }
}

function touchOf(machineId: MachineId, before: Machine | undefined): Touch {
  return {
    machineId,
    existed: before !== undefined,
    previousOwner: before?.owner?.id ?? null,
  };
}
