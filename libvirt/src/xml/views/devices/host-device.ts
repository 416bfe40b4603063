import { hexadecimal, integer, onOff, required, text, yesNo } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { readRecord, type RecordOf, variant, writeRecord } from '../../fields/structure.ts';
import type { XmlElement } from '../../xml-element.ts';
import { Device, type NewDevice, newDevice } from './device.ts';
import { type PciAddress, readPciAddress, writePciAddress } from './pci-address.ts';

const shapes = {
  usb: {
    startupPolicy: text<'mandatory' | 'requisite' | 'optional'>('@startupPolicy'),
    /** What it is; several of a kind need the address. */
    vendor: hexadecimal('vendor/@id', 4),
    product: hexadecimal('product/@id', 4),
    /** Where it is plugged in: changes with every plugging. */
    bus: integer('address/@bus'),
    device: integer('address/@device'),
  },
  scsi: {
    /** `scsi_host0`. */
    adapter: required(text('adapter/@name'), ''),
    bus: required(integer('address/@bus'), 0),
    target: required(integer('address/@target'), 0),
    unit: required(integer('address/@unit'), 0),
  },
  mdev: { uuid: required(text('address/@uuid'), '') },
};

/** A device of the host. */
export type HostDeviceSource =
  | { readonly type: 'pci'; readonly address: PciAddress }
  | ({ readonly type: 'usb' } & RecordOf<typeof shapes.usb>)
  | ({ readonly type: 'scsi' } & RecordOf<typeof shapes.scsi>)
  | ({ readonly type: 'mdev' } & RecordOf<typeof shapes.mdev>);

const fields = {
  /** `subsystem` or `capabilities`. */
  mode: text<'subsystem' | 'capabilities'>('@mode'),
  /** Whether libvirt detaches it from the host's driver and gives it back. */
  managed: yesNo('@managed'),
  /** null for kinds this version does not know. */
  source: variant<HostDeviceSource>(readSource, writeSource),
  /** Of mediated devices: `vfio-pci`, `vfio-ccw`, `vfio-ap`. */
  model: text<'vfio-pci' | 'vfio-ccw' | 'vfio-ap'>('@model'),
  display: onOff('@display'),
  ramfb: onOff('@ramfb'),
  driver: text<'vfio' | 'xen'>('driver/@name'),
  /** Whether the guest sees the card's own ROM. */
  romBar: onOff('rom/@bar'),
  romFile: text('rom/@file'),
  teaming: text<'persistent' | 'transient'>('teaming/@type'),
};

export class HostDevice extends withFields(Device, fields) {
  static create(options: NewDevice<typeof fields, 'source'>): HostDevice {
    const { mode = 'subsystem', managed = options.source.type === 'pci' ? true : null } = options;
    return newDevice(HostDevice, 'hostdev', fields, { ...options, mode, managed });
  }
}

function readSource(hostdev: XmlElement): HostDeviceSource | null {
  const source = hostdev.child('source');
  const type = hostdev.attribute('type') ?? '';
  if (source === null || hostdev.attribute('mode') === 'capabilities') return null;
  switch (type) {
    case 'pci':
      return { type, address: readPciAddress(source.child('address') ?? source) };
    case 'usb':
      return { type, ...readRecord(source, shapes.usb) };
    case 'scsi':
      return source.attribute('protocol') === 'iscsi' ? null : { type, ...readRecord(source, shapes.scsi) };
    case 'mdev':
      return { type, ...readRecord(source, shapes.mdev) };
    default:
      return null;
  }
}

function writeSource(hostdev: XmlElement, value: HostDeviceSource | null): void {
  hostdev.child('source')?.remove();
  if (value === null) return;
  hostdev.setAttribute('type', value.type);
  const source = hostdev.ensure('source');
  switch (value.type) {
    case 'pci':
      writePciAddress(source.ensure('address'), value.address);
      return;
    case 'usb':
      writeRecord(source, shapes.usb, value);
      return;
    case 'scsi':
      writeRecord(source, shapes.scsi, value);
      return;
    case 'mdev':
      writeRecord(source, shapes.mdev, value);
      return;
  }
}
