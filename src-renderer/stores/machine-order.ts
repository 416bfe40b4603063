import type { Machine } from '@limen/contract';
import { osName } from '../lib/format.ts';
import type { MachineKey, MachineRef } from './machine-key.ts';
import { metricsOf } from './metrics.ts';
import type { MetricName } from './metrics-buffer.ts';

export const sortColumns = [
  'state',
  'name',
  'host',
  'owner',
  'os',
  'vcpus',
  'cpu',
  'memory',
  'disk',
  'network',
  'uptime',
  'tags',
] as const;
export type SortColumn = (typeof sortColumns)[number];

export interface SortOrder {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** One machine as the list sees it. */
export interface ListEntry extends MachineRef {
  readonly key: MachineKey;
  readonly machine: Machine;
  readonly hostName: string;
  readonly me: string | null;
}

const liveColumns: readonly SortColumn[] = ['cpu', 'memory', 'disk', 'network'];

/** Whether the order changes with every frame of metrics. */
export function sortsByMetrics(order: SortOrder): boolean {
  return liveColumns.includes(order.column);
}

const collator = new Intl.Collator(undefined, {
  numeric: true,
  sensitivity: 'base',
});

const stateRank: Record<Machine['state'], number> = {
  running: 0,
  'shutting-down': 1,
  paused: 2,
  suspended: 3,
  crashed: 4,
  saved: 5,
  off: 6,
};

/** A total order: equal values fall back to the name, then to the key, so that positions can be searched for. */
export function compareEntries(order: SortOrder): (a: ListEntry, b: ListEntry) => number {
  const compare = comparators[order.column];
  const sign = order.descending ? -1 : 1;
  return (a, b) =>
    sign * compare(a, b) ||
    collator.compare(a.machine.name, b.machine.name) ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

type Compare = (a: ListEntry, b: ListEntry) => number;

function byText(read: (entry: ListEntry) => string): Compare {
  return (a, b) => collator.compare(read(a), read(b));
}

function byNumber(read: (entry: ListEntry) => number): Compare {
  return (a, b) => read(a) - read(b);
}

function metric(entry: ListEntry, ...names: readonly MetricName[]): number {
  const metrics = metricsOf(entry.linkId);
  return names.reduce((sum, name) => sum + (metrics?.latest(entry.machineId, name) ?? 0), 0);
}

const comparators: Record<SortColumn, Compare> = {
  state: byNumber((entry) => stateRank[entry.machine.state]),
  name: byText((entry) => entry.machine.name),
  host: byText((entry) => entry.hostName),
  owner: byText((entry) => entry.machine.owner?.username ?? ''),
  os: byText((entry) => osName(entry.machine.osId) ?? ''),
  vcpus: byNumber((entry) => entry.machine.vcpus.current),
  cpu: byNumber((entry) => metric(entry, 'cpuPercent')),
  memory: byNumber((entry) => metric(entry, 'memoryUsedBytes')),
  disk: byNumber((entry) => metric(entry, 'diskReadBytesPerSecond', 'diskWriteBytesPerSecond')),
  network: byNumber((entry) =>
    metric(entry, 'networkReceiveBytesPerSecond', 'networkTransmitBytesPerSecond'),
  ),
  tags: byText((entry) => entry.machine.tags.join()),
  // Ascending uptime: what started last comes first; machines that are off have none.
  uptime: byNumber((entry) =>
    entry.machine.startedAt === null ? Number.MAX_SAFE_INTEGER : -Date.parse(entry.machine.startedAt),
  ),
};
