import { machineId } from '@limen/contract';
import {
  bulkStats,
  type DomainStats,
  type LibvirtClient,
  ListDomains,
  procedures,
  Stats,
} from 'node-libvirt';
import type { HostCounters, MachineCounters } from '../ports/hypervisor.ts';

const { connect, node } = procedures;

const KIB = 1024;
const GROUPS = Stats.state | Stats.cpuTotal | Stats.balloon | Stats.vcpu | Stats.interface | Stats.block;
/** A tick that takes longer is worth less than the next one. */
const DEADLINE = { timeoutMs: 10_000 };
/** `cpu` and `cell` of all together. */
const ALL = -1;

type Counters = DomainStats['stats'];

/** Counters of all running machines; a machine too busy to answer at once is left out. */
export async function readMachineCounters(client: LibvirtClient): Promise<MachineCounters[]> {
  const running = await client.call(connect.listAllDomains, { flags: ListDomains.active }, DEADLINE);
  const stats = await bulkStats(client, running, GROUPS, DEADLINE);
  // Without CPU time libvirt skipped the machine, or it stopped meanwhile.
  return stats.filter((entry) => entry.stats.has('cpu.time')).map(machineCounters);
}

/** Cumulative CPU time (ns) and present memory of the host, from libvirt. */
export async function readHostCounters(client: LibvirtClient): Promise<HostCounters> {
  const [cpu, memory] = await Promise.all([
    readNodeCounters(client, 'cpu'),
    readNodeCounters(client, 'memory'),
  ]);
  const busy = (cpu.get('kernel') ?? 0) + (cpu.get('user') ?? 0);
  const total = memory.get('total') ?? 0;
  // Buffers and cache are given back when something needs them: they are not in use, as `free` sees it.
  const reclaimable = (memory.get('free') ?? 0) + (memory.get('buffers') ?? 0) + (memory.get('cached') ?? 0);
  return {
    cpuBusyNs: busy,
    cpuTotalNs: busy + (cpu.get('idle') ?? 0) + (cpu.get('iowait') ?? 0),
    memoryUsedBytes: Math.max(0, total - reclaimable) * KIB,
    memoryTotalBytes: total * KIB,
  };
}

/** libvirt wants to be asked for the number of counters first. The number never changes; the answer is cheap. */
async function readNodeCounters(
  client: LibvirtClient,
  kind: 'cpu' | 'memory',
): Promise<ReadonlyMap<string, number>> {
  const read = (paramCount: number) =>
    kind === 'cpu'
      ? client.call(node.getCpuStats, { cpu: ALL, paramCount }, DEADLINE)
      : client.call(node.getMemoryStats, { cell: ALL, paramCount }, DEADLINE);
  const { count } = await read(0);
  const { params } = await read(count);
  return new Map(params.map(({ field, value }) => [field, value]));
}

export function machineCounters({ domain, stats }: DomainStats): MachineCounters {
  return {
    machineId: machineId.parse(domain.uuid),
    cpuTimeNs: numberOrNull(stats, 'cpu.time'),
    vcpus: numberOrNull(stats, 'vcpu.current') ?? 1,
    memoryUsedBytes: memoryUsed(stats),
    diskReadBytes: sum(stats, 'block', 'rd.bytes'),
    diskWriteBytes: sum(stats, 'block', 'wr.bytes'),
    networkReceiveBytes: sum(stats, 'net', 'rx.bytes'),
    networkTransmitBytes: sum(stats, 'net', 'tx.bytes'),
  };
}

/**
 * What the guest says it uses, when its balloon driver reports; else what its process occupies on the host, which
 * counts QEMU itself too and so is held to what the guest has.
 */
function memoryUsed(stats: Counters): number | null {
  const current = numberOrNull(stats, 'balloon.current');
  const unused = numberOrNull(stats, 'balloon.unused');
  if (current !== null && unused !== null && unused <= current) return (current - unused) * KIB;
  const resident = numberOrNull(stats, 'balloon.rss');
  return resident === null ? null : Math.min(resident, current ?? resident) * KIB;
}

/** Sum of one counter over all devices of a group. Null when no device has it, but 0 where there is no device. */
function sum(stats: Counters, group: 'block' | 'net', counter: string): number | null {
  const devices = numberOrNull(stats, `${group}.count`);
  if (devices === null) return null;
  let total: number | null = devices === 0 ? 0 : null;
  for (let device = 0; device < devices; device += 1) {
    const value = numberOrNull(stats, `${group}.${device}.${counter}`);
    if (value !== null) total = (total ?? 0) + value;
  }
  return total;
}

function numberOrNull(stats: Counters, field: string): number | null {
  const value = stats.get(field);
  return typeof value === 'number' ? value : null;
}
