import { hexadecimal, integer, onOff, text } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { Device, type NewDevice, newDevice, typeField } from './device.ts';

const fields = {
  type: typeField<'pci' | 'usb' | 'scsi' | 'sata' | 'ide' | 'fdc' | 'virtio-serial' | 'ccid' | 'nvme'>(),
  index: integer('@index'),
  /** `pcie-root-port`, `qemu-xhci`, `virtio-scsi`, … */
  model: text('@model'),
  /** Of a virtio-serial or USB controller. */
  ports: integer('@ports'),
  vectors: integer('@vectors'),
  /** Number of the I/O thread that serves it. */
  iothread: integer('driver/@iothread'),
  queues: integer('driver/@queues'),
  maxSectors: integer('driver/@max_sectors'),
  /** What QEMU calls a PCI controller: `pcie-root-port`, `ioh3420`. */
  modelName: text('model/@name'),
  chassis: integer('target/@chassis'),
  port: hexadecimal('target/@port', 1),
  busNumber: integer('target/@busNr'),
  hotplug: onOff('target/@hotplug'),
};

export class Controller extends withFields(Device, fields) {
  static create(options: NewDevice<typeof fields, 'type'>): Controller {
    return newDevice(Controller, 'controller', fields, options);
  }
}
