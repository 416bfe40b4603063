import { readInteger } from '../quantity.ts';
import type { XmlElement } from '../xml-element.ts';

export interface CpuTopology {
  readonly sockets: number;
  /** Default 1. */
  readonly dies?: number;
  readonly cores: number;
  readonly threads: number;
}

/** The processor a guest sees: its `<cpu>` element. */
export class DomainCpu {
  readonly #domain: XmlElement;

  constructor(domain: XmlElement) {
    this.#domain = domain;
  }

  /** The element; null when the document has none yet. */
  get element(): XmlElement | null {
    return this.#domain.child('cpu');
  }

  /** `host-passthrough`, `host-model`, `custom` or `maximum`; null leaves it to the hypervisor. */
  get mode(): string | null {
    return this.#domain.get('cpu/@mode');
  }

  set mode(value: string | null) {
    this.#domain.set('cpu/@mode', value);
  }

  /** The named model of mode `custom`. */
  get model(): string | null {
    return this.#domain.get('cpu/model');
  }

  set model(value: string | null) {
    this.#domain.set('cpu/model', value);
  }

  get topology(): CpuTopology | null {
    const topology = this.element?.child('topology');
    if (topology === null || topology === undefined) return null;
    const part = (name: string) => readInteger(topology.attribute(name)) ?? 1;
    return { sockets: part('sockets'), dies: part('dies'), cores: part('cores'), threads: part('threads') };
  }

  set topology(value: CpuTopology | null) {
    if (value === null) {
      this.#domain.set('cpu/topology', null);
      return;
    }
    for (const name of ['sockets', 'dies', 'cores', 'threads'] as const) {
      this.#domain.set(`cpu/topology/@${name}`, value[name] ?? null);
    }
  }

  /** What is said about a feature: `require`, `disable`, …; null when nothing is. */
  featurePolicy(name: string): string | null {
    return this.#feature(name)?.attribute('policy') ?? null;
  }

  /** null takes back what was said. */
  setFeaturePolicy(name: string, policy: string | null): void {
    const feature = this.#feature(name);
    if (policy === null) feature?.remove();
    else if (feature !== null) feature.setAttribute('policy', policy);
    else this.#domain.ensure('cpu').add({ name: 'feature', attributes: { policy, name } });
  }

  #feature(name: string): XmlElement | null {
    const features = this.element?.children('feature') ?? [];
    return features.find((feature) => feature.attribute('name') === name) ?? null;
  }
}
