import type { HostLink, HostLinkId, Machine, MachineId } from '@limen/contract';
import { type MachineFilter, matchesFilter } from '../lib/machine-filter.ts';
import type { Inventories } from './inventory.ts';
import { type MachineKey, machineKey } from './machine-key.ts';
import { compareEntries, type ListEntry, type SortOrder } from './machine-order.ts';

/** What the table shows; keeps its identity while nothing of it changes. */
export interface MachineListView {
  readonly keys: readonly MachineKey[];
  /** Number of machines before the filter. */
  readonly total: number;
}

/** Beyond this many changed records a fresh sort costs less than moving them one by one. */
const PATCH_LIMIT = 64;

interface HostPart {
  readonly machines: ReadonlyMap<MachineId, Machine>;
  readonly hostName: string;
  readonly me: string | null;
}

/**
 * The filtered, sorted list of all machines of all hosts, kept up to date in place. One changed record costs a
 * binary search, not a sort of thousands; {@link keys} keeps its identity while order and membership stay, so
 * that the table renders only the row that changed.
 */
export class MachineList {
  readonly #filter: MachineFilter;
  readonly #compare: (a: ListEntry, b: ListEntry) => number;
  #parts: ReadonlyMap<HostLinkId, HostPart> = new Map();
  readonly #entries = new Map<MachineKey, ListEntry>();
  #sorted: ListEntry[] = [];
  #keys: readonly MachineKey[] = [];
  #view: MachineListView = { keys: [], total: 0 };

  constructor(filter: MachineFilter, order: SortOrder) {
    this.#filter = filter;
    this.#compare = compareEntries(order);
  }

  /** Keys in order, of the machines that pass the filter. */
  get keys(): readonly MachineKey[] {
    return this.#keys;
  }

  get view(): MachineListView {
    if (this.#view.keys !== this.#keys || this.#view.total !== this.#entries.size) {
      this.#view = { keys: this.#keys, total: this.#entries.size };
    }
    return this.#view;
  }

  /** Bring the list up to the stores' present. Cheap when nothing changed. */
  update(hosts: Inventories, links: readonly HostLink[]): readonly MachineKey[] {
    const parts = partsOf(hosts, links);
    const changed = this.#diff(parts);
    this.#parts = parts;
    if (changed.length === 0) return this.#keys;
    if (changed.length > PATCH_LIMIT) this.#rebuild(changed);
    else this.#patch(changed);
    return this.#keys;
  }

  /** Sort again by figures that are not in the records (live metrics). */
  resort(): readonly MachineKey[] {
    this.#sorted.sort(this.#compare);
    this.#publish();
    return this.#keys;
  }

  #diff(parts: ReadonlyMap<HostLinkId, HostPart>): Change[] {
    const changed: Change[] = [];
    for (const [linkId, part] of parts) {
      const before = this.#parts.get(linkId);
      const sameHost = before?.hostName === part.hostName && before.me === part.me;
      if (sameHost && before.machines === part.machines) continue;
      for (const [machineId, machine] of part.machines) {
        if (sameHost && before.machines.get(machineId) === machine) continue;
        const key = machineKey(linkId, machineId);
        if (machine.trashed) {
          // The trash has a page of its own; one that just went there leaves the list.
          if (this.#entries.has(key)) changed.push({ key, entry: undefined });
          continue;
        }
        changed.push({
          key,
          entry: {
            key,
            linkId,
            machineId,
            machine,
            hostName: part.hostName,
            me: part.me,
          },
        });
      }
    }
    for (const [linkId, before] of this.#parts) {
      const part = parts.get(linkId);
      if (part?.machines === before.machines) continue;
      for (const machineId of before.machines.keys()) {
        if (!part?.machines.has(machineId))
          changed.push({
            key: machineKey(linkId, machineId),
            entry: undefined,
          });
      }
    }
    return changed;
  }

  #patch(changed: readonly Change[]): void {
    let moved = false;
    for (const { key, entry } of changed) {
      const before = this.#entries.get(key);
      const from = before ? this.#find(before) : -1;
      if (from >= 0) this.#sorted.splice(from, 1);
      this.#store(key, entry);
      const to = entry && matchesFilter(this.#filter, entry) ? this.#insertionPoint(entry) : -1;
      if (entry && to >= 0) this.#sorted.splice(to, 0, entry);
      moved ||= from !== to;
    }
    if (moved) this.#publish();
  }

  #rebuild(changed: readonly Change[]): void {
    for (const { key, entry } of changed) this.#store(key, entry);
    this.#sorted = [...this.#entries.values()]
      .filter((entry) => matchesFilter(this.#filter, entry))
      .sort(this.#compare);
    this.#publish();
  }

  #store(key: MachineKey, entry: ListEntry | undefined): void {
    if (entry) this.#entries.set(key, entry);
    else this.#entries.delete(key);
  }

  #insertionPoint(entry: ListEntry): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#sorted[middle];
      if (candidate && this.#compare(candidate, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Live figures may have moved on since the last sort, hence the linear fallback. */
  #find(entry: ListEntry): number {
    const expected = this.#insertionPoint(entry);
    return this.#sorted[expected] === entry ? expected : this.#sorted.indexOf(entry);
  }

  #publish(): void {
    const keys = this.#sorted.map((entry) => entry.key);
    if (keys.length !== this.#keys.length || keys.some((key, index) => key !== this.#keys[index]))
      this.#keys = keys;
  }
}

interface Change {
  readonly key: MachineKey;
  readonly entry: ListEntry | undefined;
}

function partsOf(hosts: Inventories, links: readonly HostLink[]): ReadonlyMap<HostLinkId, HostPart> {
  const parts = new Map<HostLinkId, HostPart>();
  for (const link of links) {
    const host = hosts.get(link.id);
    if (host)
      parts.set(link.id, {
        machines: host.machines,
        hostName: link.name,
        me: link.user?.username ?? null,
      });
  }
  return parts;
}
