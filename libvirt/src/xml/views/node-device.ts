import { hexadecimal, integer, required, size, text } from '../fields/field.ts';
import { withFields } from '../fields/field-view.ts';
import { list, readRecord, type RecordOf, texts } from '../fields/structure.ts';
import { XmlDocument } from '../xml-document.ts';
import type { XmlElement } from '../xml-element.ts';
import { DocumentView } from './xml-view.ts';

const pciAddress = {
  domain: required(hexadecimal('@domain', 4), 0),
  bus: required(hexadecimal('@bus', 2), 0),
  slot: required(hexadecimal('@slot', 2), 0),
  function: required(hexadecimal('@function', 1), 0),
};
const identity = {
  /** Numbers of maker and product, and the names a data base has for them. */
  vendorId: hexadecimal('vendor/@id', 4),
  vendor: text('vendor'),
  productId: hexadecimal('product/@id', 4),
  product: text('product'),
};

/** libvirt's capabilities by their `type`. */
const shapes = {
  system: {
    product: text('product'),
    vendor: text('hardware/vendor'),
    version: text('hardware/version'),
    serial: text('hardware/serial'),
    uuid: text('hardware/uuid'),
    firmwareVendor: text('firmware/vendor'),
    firmwareVersion: text('firmware/version'),
    firmwareReleaseDate: text('firmware/release_date'),
  },
  pci: {
    class: hexadecimal('class', 6),
    domain: required(integer('domain'), 0),
    bus: required(integer('bus'), 0),
    slot: required(integer('slot'), 0),
    function: required(integer('function'), 0),
    ...identity,
    /** Devices that can only be given to a guest together. */
    iommuGroup: integer('iommuGroup/@number'),
    iommuGroupAddresses: list('iommuGroup/address', pciAddress),
    /** NUMA node it is closest to. */
    numaNode: integer('numa/@node'),
    /** Virtual functions, the physical one, mediated devices: `virt_functions`, `phys_function`, `mdev_types`. */
    capabilities: texts('capability', '@type'),
  },
  usb_device: { bus: required(integer('bus'), 0), device: required(integer('device'), 0), ...identity },
  usb: {
    number: integer('number'),
    class: integer('class'),
    subclass: integer('subclass'),
    protocol: integer('protocol'),
    description: text('description'),
  },
  net: {
    interface: required(text('interface'), ''),
    address: text('address'),
    linkState: text<'up' | 'down' | 'unknown' | 'dormant' | 'lowerlayerdown' | 'notpresent'>('link/@state'),
    /** Mbit/s. */
    linkSpeed: integer('link/@speed'),
    features: texts('feature', '@name'),
    /** `80203`, `80211`. */
    capabilities: texts('capability', '@type'),
  },
  storage: {
    /** The device file. */
    block: required(text('block'), ''),
    bus: text('bus'),
    driveType: text<'disk' | 'cdrom' | 'floppy'>('drive_type'),
    model: text('model'),
    vendor: text('vendor'),
    serial: text('serial'),
    /** Bytes; of what is not removable. */
    size: size('size', 'bytes'),
    /** Of what is removable. */
    mediaAvailable: integer('capability/media_available'),
    mediaSize: size('capability/media_size', 'bytes'),
    mediaLabel: text('capability/media_label'),
    logicalBlockSize: integer('logical_block_size'),
    /** `removable`, `hotpluggable`. */
    capabilities: texts('capability', '@type'),
  },
  scsi_host: {
    host: required(integer('host'), 0),
    uniqueId: integer('unique_id'),
    capabilities: texts('capability', '@type'),
  },
  scsi_target: { target: required(text('target'), '') },
  scsi: {
    host: required(integer('host'), 0),
    bus: required(integer('bus'), 0),
    target: required(integer('target'), 0),
    lun: required(integer('lun'), 0),
    type: text('type'),
  },
  scsi_generic: { char: required(text('char'), '') },
  drm: { type: text<'primary' | 'control' | 'render'>('type') },
  mdev: {
    mdevType: text('type/@id'),
    uuid: text('uuid'),
    parentAddress: text('parent_addr'),
    iommuGroup: integer('iommuGroup/@number'),
  },
  vdpa: { chardev: text('chardev') },
  ccw: { cssid: text('cssid'), ssid: text('ssid'), devno: text('devno') },
};
type Shapes = typeof shapes;

/** What a device of the host is, by kind. Kinds without a shape are read through `NodeDeviceXml.root`. */
export type NodeCapability = {
  [K in keyof Shapes]: { readonly kind: K } & RecordOf<Shapes[K]>;
}[keyof Shapes];

type CapabilityOf<K extends keyof Shapes> = Extract<NodeCapability, { kind: K }>;

/** A device of the host. */
export class NodeDeviceXml extends withFields(DocumentView, {
  name: required(text('name'), ''),
  /** In sysfs. */
  path: text('path'),
  /** Files under `/dev`: its own, and links to it. */
  deviceNodes: texts('devnode'),
  parent: text('parent'),
  /** Of the host. */
  driver: text('driver/name'),
}) {
  /** @throws {XmlSyntaxError} when the text is no `<device>` document. */
  static parse(text: string): NodeDeviceXml {
    return new NodeDeviceXml(XmlDocument.parse(text, 'device'));
  }

  /** libvirt's kinds: `pci`, `usb_device`, `net`, `storage`, `system`, … */
  get kinds(): readonly string[] {
    return this.root.children('capability').flatMap((capability) => capability.attribute('type') ?? []);
  }

  /** What it is as a device of that kind; null when it is none. */
  capability<K extends keyof Shapes>(kind: K): CapabilityOf<K> | null {
    const found = this.#capability(kind);
    return found && ({ kind, ...readRecord(found, shapes[kind]) } as unknown as CapabilityOf<K>);
  }

  /** All that is known about it. */
  get capabilities(): NodeCapability[] {
    return this.kinds.flatMap((kind) => (isKnown(kind) ? (this.capability(kind) ?? []) : []));
  }

  #capability(kind: string): XmlElement | null {
    const capabilities = this.root.children('capability');
    return capabilities.find((capability) => capability.attribute('type') === kind) ?? null;
  }
}

function isKnown(kind: string): kind is keyof Shapes {
  return Object.hasOwn(shapes, kind);
}
