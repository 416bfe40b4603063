import { integer, required, text, yesNo } from '../fields/field.ts';
import { withFields } from '../fields/field-view.ts';
import { list, record, texts } from '../fields/structure.ts';
import { XmlDocument } from '../xml-document.ts';
import type { XmlElement } from '../xml-element.ts';
import { DocumentView } from './xml-view.ts';

/** What is said about one kind of device, feature or part. */
export interface DeviceSupport {
  readonly supported: boolean;
  /** Values of its properties by libvirt's names, e.g. `bus` and `model` of `disk`. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

type DeviceKind =
  | 'disk'
  | 'graphics'
  | 'video'
  | 'hostdev'
  | 'rng'
  | 'filesystem'
  | 'tpm'
  | 'redirdev'
  | 'channel'
  | 'crypto'
  | 'interface'
  | 'panic'
  | 'console';

/** What guests of one kind can be made of on a host. */
export class DomainCapabilitiesXml extends withFields(DocumentView, {
  emulator: text('path'),
  domainType: text<'kvm' | 'qemu'>('domain'),
  machine: text('machine'),
  architecture: text('arch'),
  maxVcpus: integer('vcpu/@max'),
  iothreads: yesNo('iothreads/@supported'),
}) {
  /** @throws {XmlSyntaxError} when the text is no `<domainCapabilities>` document. */
  static parse(text: string): DomainCapabilitiesXml {
    return new DomainCapabilitiesXml(XmlDocument.parse(text, 'domainCapabilities'));
  }

  /** `efi`, `bios`: what libvirt can choose an image for. */
  get firmwares(): readonly string[] {
    return this.#support('os')?.values['firmware'] ?? [];
  }

  /** Firmware images libvirt knows, and what can be said about one. */
  get loader(): DeviceSupport & { readonly paths: readonly string[] } {
    const paths = texts('os/loader/value').read(this.root);
    return { ...(this.#support('os/loader') ?? { supported: false, values: {} }), paths };
  }

  /** Whether firmware can be had that only starts what is signed. */
  get supportsSecureBoot(): boolean {
    return this.firmwares.includes('efi') && (this.loader.values['secure'] ?? []).includes('yes');
  }

  /** CPU modes that can be used: `host-passthrough`, `host-model`, `custom`, `maximum`. */
  get cpuModes(): string[] {
    const modes = this.root.child('cpu')?.children('mode') ?? [];
    return modes.filter(isSupported).flatMap((mode) => mode.attribute('name') ?? []);
  }

  /** Models of mode `custom`. One that is not usable needs what the host's processor does not have. */
  get cpuModels(): { readonly name: string; readonly usable: boolean; readonly vendor: string | null }[] {
    const models = this.#cpuMode('custom')?.children('model') ?? [];
    return models.map((model) => ({
      name: model.text.trim(),
      usable: model.attribute('usable') === 'yes',
      vendor: model.attribute('vendor'),
    }));
  }

  /** What `host-model` comes to here; null when it cannot be used. */
  get hostModel() {
    const mode = this.#cpuMode('host-model');
    return mode && isSupported(mode) ? hostModel.read(mode) : null;
  }

  /** null when this libvirt does not tell. */
  device(kind: DeviceKind | (string & Record<never, never>)): DeviceSupport | null {
    return this.#support(`devices/${kind}`);
  }

  /** Everything libvirt tells about devices, by kind. */
  get devices(): Readonly<Record<string, DeviceSupport>> {
    const kinds = this.root.child('devices')?.elements() ?? [];
    return Object.fromEntries(kinds.map((element) => [element.name, readSupport(element)]));
  }

  /** Values of a device's property, e.g. `deviceValues('disk', 'bus')`; empty when it is not supported or not told. */
  deviceValues(kind: DeviceKind | (string & Record<never, never>), property: string): readonly string[] {
    const support = this.device(kind);
    return support?.supported === true ? (support.values[property] ?? []) : [];
  }

  /** Where memory may come from (`memfd` is what virtiofs needs); empty when this libvirt does not tell. */
  get memorySources(): readonly string[] {
    return this.#support('memoryBacking')?.values['sourceType'] ?? [];
  }

  /** `backup`, `sev`, `genid`, `hyperv`, …; null when this libvirt does not tell. */
  feature(name: string): DeviceSupport | null {
    return this.#support(`features/${name}`);
  }

  #support(path: string): DeviceSupport | null {
    const element = this.root.find(path);
    return element && readSupport(element);
  }

  #cpuMode(name: string): XmlElement | null {
    const modes = this.root.child('cpu')?.children('mode') ?? [];
    return modes.find((mode) => mode.attribute('name') === name) ?? null;
  }
}

const hostModel = record('', {
  model: required(text('model'), ''),
  fallback: text<'allow' | 'forbid'>('model/@fallback'),
  vendor: text('vendor'),
  features: list('feature', {
    policy: required(text<'require' | 'disable'>('@policy'), ''),
    name: required(text('@name'), ''),
  }),
});

const enums = list('enum', { name: required(text('@name'), ''), values: texts('value') });

function readSupport(element: XmlElement): DeviceSupport {
  const values = enums.read(element).map((each) => [each.name, each.values ?? []] as const);
  return { supported: isSupported(element), values: Object.fromEntries(values) };
}

function isSupported(element: XmlElement): boolean {
  return element.attribute('supported') === 'yes';
}
