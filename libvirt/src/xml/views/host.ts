import { readBytes, readInteger } from '../quantity.ts';
import { XmlDocument } from '../xml-document.ts';
import type { XmlElement } from '../xml-element.ts';
import { DocumentView } from './xml-view.ts';

export interface GuestSupport {
  /** `hvm`, `exe`, … */
  readonly osType: string;
  readonly architecture: string;
  readonly emulator: string | null;
  /** Kinds of hypervisors: `kvm`, `qemu`, … */
  readonly domainTypes: readonly string[];
  /** Names and aliases of machine types. */
  readonly machines: readonly string[];
}

/** What a host has, and which guests it can run. */
export class CapabilitiesXml extends DocumentView {
  /** @throws {XmlSyntaxError} when the text is no `<capabilities>` document. */
  static parse(text: string): CapabilitiesXml {
    return new CapabilitiesXml(XmlDocument.parse(text, 'capabilities'));
  }

  get hostUuid(): string | null {
    return this.root.get('host/uuid');
  }

  get hostArchitecture(): string | null {
    return this.root.get('host/cpu/arch');
  }

  get hostCpuModel(): string | null {
    return this.root.get('host/cpu/model');
  }

  /** Bytes of each NUMA cell. */
  get cellMemory(): number[] {
    const cells = this.root.child('host')?.child('topology')?.child('cells')?.children('cell') ?? [];
    return cells.map((cell) => readBytes(cell.child('memory'), 'KiB') ?? 0);
  }

  get guests(): GuestSupport[] {
    return this.root.children('guest').map((guest) => {
      const arch = guest.child('arch');
      return {
        osType: guest.get('os_type') ?? '',
        architecture: arch?.attribute('name') ?? '',
        emulator: arch?.get('emulator') ?? null,
        domainTypes: (arch?.children('domain') ?? []).flatMap((domain) => domain.attribute('type') ?? []),
        machines: (arch?.children('machine') ?? []).map((machine) => machine.text.trim()),
      };
    });
  }
}

/** What guests of one kind can be made of on a host. */
export class DomainCapabilitiesXml extends DocumentView {
  /** @throws {XmlSyntaxError} when the text is no `<domainCapabilities>` document. */
  static parse(text: string): DomainCapabilitiesXml {
    return new DomainCapabilitiesXml(XmlDocument.parse(text, 'domainCapabilities'));
  }

  get emulator(): string | null {
    return this.root.get('path');
  }

  get domainType(): string | null {
    return this.root.get('domain');
  }

  get machine(): string | null {
    return this.root.get('machine');
  }

  get architecture(): string | null {
    return this.root.get('arch');
  }

  get maxVcpus(): number | null {
    return readInteger(this.root.get('vcpu/@max'));
  }

  /** CPU modes that can be used: `host-passthrough`, `host-model`, `custom`, `maximum`. */
  get cpuModes(): string[] {
    const modes = this.root.child('cpu')?.children('mode') ?? [];
    return modes.filter(isSupported).flatMap((mode) => mode.attribute('name') ?? []);
  }

  /** `efi`, `bios`: what libvirt can choose an image for. */
  get firmwares(): string[] {
    return enumValues(this.root.child('os'), 'firmware');
  }

  /**
   * Values of a device's property, e.g. `deviceValues('disk', 'bus')`; empty when the device is not supported, or
   * this libvirt does not tell.
   */
  deviceValues(device: string, property: string): string[] {
    const element = this.root.child('devices')?.child(device) ?? null;
    return element !== null && isSupported(element) ? enumValues(element, property) : [];
  }

  /** null when this libvirt does not tell. */
  supportsDevice(device: string): boolean | null {
    const element = this.root.child('devices')?.child(device) ?? null;
    return element && isSupported(element);
  }

  /** `backup`, `sev`, `genid`, …; null when this libvirt does not tell. */
  supportsFeature(feature: string): boolean | null {
    const element = this.root.child('features')?.child(feature) ?? null;
    return element && isSupported(element);
  }
}

/** A device of the host. */
export class NodeDeviceXml extends DocumentView {
  /** @throws {XmlSyntaxError} when the text is no `<device>` document. */
  static parse(text: string): NodeDeviceXml {
    return new NodeDeviceXml(XmlDocument.parse(text, 'device'));
  }

  get name(): string {
    return this.root.get('name') ?? '';
  }

  /** In sysfs. */
  get path(): string | null {
    return this.root.get('path');
  }

  get parent(): string | null {
    return this.root.get('parent');
  }

  /** Of the host. */
  get driver(): string | null {
    return this.root.get('driver/name');
  }

  /** `pci`, `usb_device`, `net`, `storage`, `system`, … */
  get capabilities(): string[] {
    return this.root.children('capability').flatMap((capability) => capability.attribute('type') ?? []);
  }

  capability(type: string): XmlElement | null {
    const capabilities = this.root.children('capability');
    return capabilities.find((capability) => capability.attribute('type') === type) ?? null;
  }
}

function isSupported(element: XmlElement): boolean {
  return element.attribute('supported') === 'yes';
}

function enumValues(element: XmlElement | null, property: string): string[] {
  const found = element?.children('enum').find((candidate) => candidate.attribute('name') === property);
  return found?.children('value').map((value) => value.text.trim()) ?? [];
}
