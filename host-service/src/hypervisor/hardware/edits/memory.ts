import type { DomainXml } from 'node-libvirt';
import { invalid } from './refusals.ts';

/**
 * Memory at start and at most, in bytes. Where a definition has NUMA nodes libvirt adds the memory up from them and
 * from plugged modules, and ignores what is said beside.
 */
export function setMemory(domain: DomainXml, currentBytes: number, maximumBytes: number): void {
  if (currentBytes > maximumBytes) throw invalid('currentBytes', 'more than the maximum');
  if (maximumBytes !== domain.memory) {
    fitNuma(domain, maximumBytes);
    const { maxMemory } = domain;
    if (maxMemory !== null && maxMemory.bytes < maximumBytes) {
      domain.maxMemory = { ...maxMemory, bytes: maximumBytes };
    }
    domain.memory = maximumBytes;
  }
  domain.currentMemory = currentBytes;
}

function fitNuma(domain: DomainXml, maximumBytes: number): void {
  const cells = domain.cpu.numaCells;
  const [only] = cells;
  if (only === undefined) return;
  if (cells.length > 1) {
    throw invalid('maximumBytes', 'the memory is spread over NUMA nodes; change them in the XML');
  }
  const plugged = domain.memory - only.memory;
  if (maximumBytes <= plugged) throw invalid('maximumBytes', 'less than the plugged memory modules have');
  domain.cpu.numaCells = [{ ...only, memory: maximumBytes - plugged }];
}
