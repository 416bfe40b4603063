import { integer, onOff, required, sizeAttribute, text, yesNo } from '../fields/field.ts';
import { withFields } from '../fields/field-view.ts';
import { list, record, type RecordOf } from '../fields/structure.ts';
import { XmlView } from './xml-view.ts';

const topology = {
  sockets: required(integer('@sockets'), 1),
  dies: integer('@dies'),
  clusters: integer('@clusters'),
  cores: required(integer('@cores'), 1),
  threads: required(integer('@threads'), 1),
};

/** How a guest's processors are made up; the product is the maximum of its vCPUs. */
export type CpuTopology = RecordOf<typeof topology>;

/** The processor a guest sees. Its element is the domain's: `<cpu>` is made when something in it is set. */
export class DomainCpu extends withFields(XmlView, {
  /** null leaves it to the hypervisor. */
  mode: text<'host-passthrough' | 'host-model' | 'custom' | 'maximum'>('cpu/@mode'),
  match: text<'minimum' | 'exact' | 'strict'>('cpu/@match'),
  check: text<'none' | 'partial' | 'full'>('cpu/@check'),
  migratable: onOff('cpu/@migratable'),
  /** The named model of mode `custom`. */
  model: text('cpu/model'),
  /** Whether a host without that model may use one close to it. */
  modelFallback: text<'allow' | 'forbid'>('cpu/model/@fallback'),
  vendor: text('cpu/vendor'),
  topology: record('cpu/topology', topology),
  cache: record('cpu/cache', {
    level: integer('@level'),
    mode: required(text<'emulate' | 'passthrough' | 'disable'>('@mode'), ''),
  }),
  maxPhysicalAddress: record('cpu/maxphysaddr', {
    mode: required(text<'emulate' | 'passthrough'>('@mode'), ''),
    bits: integer('@bits'),
  }),
  features: list('cpu/feature', {
    policy: text<'force' | 'require' | 'optional' | 'disable' | 'forbid'>('@policy'),
    name: required(text('@name'), ''),
  }),
  numaCells: list('cpu/numa/cell', {
    id: integer('@id'),
    cpus: text('@cpus'),
    /** Bytes. */
    memory: required(sizeAttribute('memory', 'KiB'), 0),
    memoryAccess: text<'shared' | 'private'>('@memAccess'),
    discard: yesNo('@discard'),
    distances: list('distances/sibling', {
      id: required(integer('@id'), 0),
      value: required(integer('@value'), 0),
    }),
  }),
}) {
  /** What is said about a feature: `require`, `disable`, …; null when nothing is. */
  featurePolicy(name: string): string | null {
    return this.features.find((feature) => feature.name === name)?.policy ?? null;
  }

  /** null takes back what was said. */
  setFeaturePolicy(name: string, policy: string | null): void {
    const found = this.element.find('cpu')?.children('feature') ?? [];
    const feature = found.find((element) => element.attribute('name') === name);
    if (policy === null) feature?.remove();
    else if (feature !== undefined) feature.setAttribute('policy', policy);
    else this.element.ensure('cpu').add({ name: 'feature', attributes: { policy, name } });
  }
}
