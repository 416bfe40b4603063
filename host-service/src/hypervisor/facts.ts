import { readFile } from 'node:fs/promises';
import { LibvirtError, type LibvirtClient, procedures } from 'node-libvirt';
import type { HypervisorFacts } from '../ports/hypervisor.ts';
import { readHostCounters } from './counters.ts';

const { connect, node } = procedures;

/** What libvirt and the kernel say about this host and its hypervisor. */
export async function readFacts(client: LibvirtClient): Promise<HypervisorFacts> {
  const [uri, hostname, libvirtVersion, qemuVersion, info, counters, model] = await Promise.all([
    client.call(connect.getUri, {}),
    client.call(connect.getHostname, {}),
    client.call(connect.getLibVersion, {}),
    readQemuVersion(client),
    client.call(node.getInfo, {}),
    readHostCounters(client),
    readCpuModel(),
  ]);
  return {
    uri,
    hostname,
    libvirtVersion: formatVersion(libvirtVersion),
    qemuVersion,
    cpu: {
      model: model ?? info.model,
      architecture: info.model,
      logicalCpus: info.cpus,
      // Per NUMA node in libvirt's structure.
      sockets: info.sockets * info.nodes,
      coresPerSocket: info.cores,
      threadsPerCore: info.threads,
      mhz: info.mhz,
    },
    // Not `info`'s figure, which counts NUMA nodes' memory and misses what a virtual host was given later.
    memoryBytes: counters.memoryTotalBytes,
  };
}

/** `9000000` is 9.0.0. */
export function formatVersion(version: number): string {
  return [version / 1_000_000, (version / 1000) % 1000, version % 1000].map(Math.floor).join('.');
}

/** Null where libvirt finds no QEMU, for which it has no error of its own. */
async function readQemuVersion(client: LibvirtClient): Promise<string | null> {
  try {
    const version = await client.call(connect.getVersion, {});
    return version === 0 ? null : formatVersion(version);
  } catch (error) {
    if (error instanceof LibvirtError) return null;
    throw error;
  }
}

/** libvirt's "model" is the architecture; people know their CPU by the name the kernel shows. */
async function readCpuModel(): Promise<string | null> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^model name\s*:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? null;
}
