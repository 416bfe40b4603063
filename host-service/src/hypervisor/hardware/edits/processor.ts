import type { CpuMode, CpuTopology } from '@limen/contract';
import type { CpuTopology as DefinedTopology, DomainXml } from 'node-libvirt';
import { invalid } from './refusals.ts';

/**
 * How many vCPUs there are at start, and may be. What hangs on the maximum follows: the topology, whose product it is,
 * and the one NUMA node that has them all.
 */
export function setVcpus(domain: DomainXml, current: number, maximum: number): void {
  if (current > maximum) throw invalid('current', 'more than the maximum');
  const before = domain.vcpus;
  if (before.maximum !== maximum) {
    fitNuma(domain, maximum);
    const { topology } = domain.cpu;
    if (topology !== null) domain.cpu.topology = fittedTopology(topology, maximum);
  }
  // Which of them are plugged in was said one by one; libvirt now takes the first ones.
  if (before.maximum !== maximum || before.current !== current) domain.vcpuStates = [];
  domain.vcpus = { current, maximum };
}

/** Sockets and threads stay what they are where the number allows: guests are licensed by sockets. */
export function fittedTopology(topology: DefinedTopology, maximum: number): DefinedTopology {
  const { sockets, dies = 1, clusters = 1, threads, cores } = topology;
  const others = sockets * dies * clusters * threads;
  if (others * cores === maximum) return topology;
  if (maximum % others === 0) return { ...topology, cores: maximum / others };
  return { sockets: 1, cores: maximum, threads: 1 };
}

function fitNuma(domain: DomainXml, maximum: number): void {
  const cells = domain.cpu.numaCells;
  const [only] = cells;
  if (only === undefined) return;
  if (cells.length > 1)
    throw invalid('maximum', 'the vCPUs are spread over NUMA nodes; change them in the XML');
  domain.cpu.numaCells = [{ ...only, cpus: maximum === 1 ? '0' : `0-${maximum - 1}` }];
}

export interface CpuChoice {
  readonly mode: CpuMode | null;
  readonly model: string | null;
  readonly topology: CpuTopology | null;
}

export function setCpu(domain: DomainXml, { mode, model, topology }: CpuChoice): void {
  if (mode === 'custom' && model === null) throw invalid('model', 'a named model is needed');
  if (mode === 'host-passthrough' && domain.type !== 'kvm') {
    throw invalid('mode', 'an emulated machine cannot have the processor of the host');
  }
  if (topology !== null && topology.sockets * topology.cores * topology.threads !== domain.vcpus.maximum) {
    throw invalid(
      'topology',
      `sockets × cores × threads must be the maximum of ${domain.vcpus.maximum} vCPUs`,
    );
  }
  const { cpu } = domain;
  if (cpu.mode !== mode || (mode === 'custom' && cpu.model !== model)) {
    // Said about the processor it was.
    cpu.features = [];
    for (const path of ['cpu/vendor', 'cpu/@match', 'cpu/@check', 'cpu/@migratable', 'cpu/model']) {
      cpu.element.erase(path);
    }
    cpu.mode = mode;
    if (mode === 'custom') cpu.model = model;
  }
  if (!isSameTopology(cpu.topology, topology)) cpu.topology = topology;
}

/** Dies and clusters, which a choice cannot name, stay as long as what it names does. */
function isSameTopology(defined: DefinedTopology | null, chosen: CpuTopology | null): boolean {
  if (defined === null || chosen === null) return defined === chosen;
  const sockets = defined.sockets * (defined.dies ?? 1) * (defined.clusters ?? 1);
  return sockets === chosen.sockets && defined.cores === chosen.cores && defined.threads === chosen.threads;
}
