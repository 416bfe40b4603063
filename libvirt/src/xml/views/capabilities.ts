import { integer, ownText, required, size, text, yesNo } from '../fields/field.ts';
import { withFields } from '../fields/field-view.ts';
import { elements, list, record, type RecordOf, texts } from '../fields/structure.ts';
import { XmlDocument } from '../xml-document.ts';
import type { XmlElement } from '../xml-element.ts';
import { DocumentView } from './xml-view.ts';

const machine = {
  name: required(ownText(), ''),
  /** The version an alias stands for: `pc-q35-7.2` of `q35`. */
  canonical: text('@canonical'),
  maxCpus: integer('@maxCpus'),
};

const guest = {
  /** `hvm`, `exe`, … */
  osType: required(text('os_type'), ''),
  architecture: required(text('arch/@name'), ''),
  wordSize: integer('arch/wordsize'),
  emulator: text('arch/emulator'),
  /** Names and aliases of machine types. */
  machines: list('arch/machine', machine),
  /** Kinds of hypervisors: `kvm`, `qemu`, … */
  domainTypes: texts('arch/domain', '@type'),
  /** What the platform may have: `acpi`, `apic`, `pae`, `cpuselection`, … */
  features: names('features'),
};

/** One kind of guest the host can run. */
export type GuestSupport = RecordOf<typeof guest>;

/** What a host has, and which guests it can run. */
export class CapabilitiesXml extends withFields(DocumentView, {
  hostUuid: text('host/uuid'),
  hostArchitecture: text('host/cpu/arch'),
  hostCpuModel: text('host/cpu/model'),
  hostCpuVendor: text('host/cpu/vendor'),
  microcodeVersion: text('host/cpu/microcode/@version'),
  hostCpuTopology: record('host/cpu/topology', {
    sockets: required(integer('@sockets'), 1),
    dies: integer('@dies'),
    cores: required(integer('@cores'), 1),
    threads: required(integer('@threads'), 1),
  }),
  /** What the host's processor has beyond its model. */
  hostCpuFeatures: texts('host/cpu/feature', '@name'),
  /** Sizes of its pages of memory; bytes. */
  pageSizes: elements('host/cpu/pages', {
    read: (element) => Number(element.attribute('size') ?? 0) * 1024,
    write: (element, bytes: number) => element.setAttribute('size', bytes / 1024),
  }),
  /** Whether devices can be given to guests; null when libvirt does not tell. */
  iommu: yesNo('host/iommu/@support'),
  /** Ways to sleep: `suspend_mem`, `suspend_disk`, `suspend_hybrid`. */
  powerManagement: names('host/power_management'),
  migrationTransports: texts('host/migration_features/uri_transports/uri_transport'),
  cells: list('host/topology/cells/cell', {
    id: required(integer('@id'), 0),
    /** Bytes. */
    memory: size('memory', 'KiB'),
    cpus: list('cpus/cpu', {
      id: required(integer('@id'), 0),
      socketId: integer('@socket_id'),
      dieId: integer('@die_id'),
      coreId: integer('@core_id'),
      /** Threads of the same core: `0,4`. */
      siblings: text('@siblings'),
    }),
  }),
  securityModels: texts('host/secmodel/model'),
  guests: list('guest', guest),
}) {
  /** @throws {XmlSyntaxError} when the text is no `<capabilities>` document. */
  static parse(text: string): CapabilitiesXml {
    return new CapabilitiesXml(XmlDocument.parse(text, 'capabilities'));
  }

  /** The full machines of an architecture, or null when the host cannot run any. */
  guest(architecture: string): GuestSupport | null {
    const found = this.guests.find((each) => each.osType === 'hvm' && each.architecture === architecture);
    return found ?? null;
  }
}

/** Names of the elements in an element, each of which is a statement by being there. */
function names(path: string) {
  return {
    read: (element: XmlElement): readonly string[] =>
      element
        .find(path)
        ?.elements()
        .map(({ name }) => name) ?? [],
    write: (element: XmlElement, values: readonly string[]): void => {
      element.find(path)?.remove();
      for (const name of values) element.reach(path).add({ name });
    },
  };
}
