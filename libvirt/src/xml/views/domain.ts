import { XmlDocument } from '../xml-document.ts';
import type { ElementSpec } from '../dom.ts';
import { parseInteger, readInteger } from '../quantity.ts';
import { DomainCpu } from './domain-cpu.ts';
import { DomainDevices } from './domain-devices.ts';
import { DomainOs } from './domain-os.ts';
import { NamedDocument } from './xml-view.ts';

/** What happens when the guest powers off, reboots or crashes: libvirt's `on_*` elements. */
export type LifecycleEvent = 'poweroff' | 'reboot' | 'crash';

export interface VcpuCount {
  /** Plugged in at start. */
  readonly current: number;
  readonly maximum: number;
}

/** The definition of a domain, as `domains.getXmlDesc` returns and `domains.defineXml` takes it. */
export class DomainXml extends NamedDocument {
  readonly devices: DomainDevices;
  readonly os: DomainOs;
  readonly cpu: DomainCpu;

  constructor(document: XmlDocument) {
    super(document);
    this.devices = new DomainDevices(this.root);
    this.os = new DomainOs(this.root);
    this.cpu = new DomainCpu(this.root);
  }

  /** @throws {XmlSyntaxError} when the text is no `<domain>` document. */
  static parse(text: string): DomainXml {
    return new DomainXml(XmlDocument.parse(text, 'domain'));
  }

  /** A definition to fill in: a hypervisor type (`kvm`, `qemu`), a name and nothing else. */
  static create(type: string, name: string): DomainXml {
    return new DomainXml(
      XmlDocument.create({
        name: 'domain',
        attributes: { type },
        content: [{ name: 'name', content: name }],
      }),
    );
  }

  /** The kind of hypervisor: `kvm`, `qemu`, `test`, … */
  get type(): string {
    return this.root.attribute('type') ?? '';
  }

  set type(value: string) {
    this.root.setAttribute('type', value);
  }

  /** Bytes the guest has at start, and at most unless memory can be plugged in. 0 when not said. */
  get memory(): number {
    return this.bytes('memory', 'KiB') ?? 0;
  }

  set memory(bytes: number) {
    this.setBytes('memory', bytes);
  }

  /** Bytes the balloon leaves to the guest; all of {@link memory} unless said. */
  get currentMemory(): number {
    return this.bytes('currentMemory', 'KiB') ?? this.memory;
  }

  set currentMemory(bytes: number) {
    this.setBytes('currentMemory', bytes);
  }

  get vcpus(): VcpuCount {
    const maximum = readInteger(this.root.get('vcpu') || null) ?? 1;
    const current = this.root.get('vcpu/@current');
    return { current: current === null ? maximum : parseInteger(current), maximum };
  }

  set vcpus({ current, maximum }: VcpuCount) {
    this.root.set('vcpu', maximum);
    this.root.set('vcpu/@current', current === maximum ? null : current);
  }

  /** Whether an element such as `acpi` stands under `<features>` and is not switched off. */
  hasFeature(name: string): boolean {
    const feature = this.root.child('features')?.child(name) ?? null;
    return feature !== null && feature.attribute('state') !== 'off';
  }

  setFeature(name: string, enabled: boolean): void {
    const features = this.root.child('features');
    if (enabled) {
      const feature = (features ?? this.root.ensure('features')).ensure(name);
      if (feature.attribute('state') !== null) feature.setAttribute('state', 'on');
      return;
    }
    features?.child(name)?.remove();
  }

  /** `utc`, `localtime`, `timezone` or `variable`. */
  get clockOffset(): string | null {
    return this.root.get('clock/@offset');
  }

  set clockOffset(value: string) {
    this.root.set('clock/@offset', value);
  }

  /** `destroy`, `restart`, `preserve`, … */
  lifecycleAction(event: LifecycleEvent): string | null {
    return this.root.get(`on_${event}`);
  }

  setLifecycleAction(event: LifecycleEvent, action: string): void {
    this.root.set(`on_${event}`, action);
  }

  /** Add an element to the definition where libvirt would print it; for parts without an accessor. */
  add(spec: ElementSpec): void {
    this.root.add(spec);
  }
}
