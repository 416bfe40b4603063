import { exactText, integer, onOff, present, required, text, yesNo } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { record, variant } from '../../fields/structure.ts';
import type { XmlElement } from '../../xml-element.ts';
import { Device, type NewDevice, newDevice } from './device.ts';
import { type DiskSource, diskSource } from './disk-source.ts';

/** One image of a chain: what a disk shows where nothing was written over it. */
export interface BackingImage {
  readonly format: string;
  /** null for kinds of source this version does not know. */
  readonly source: DiskSource | null;
}

const fields = {
  device: text<'disk' | 'cdrom' | 'floppy' | 'lun'>('@device'),
  /** How it takes part in snapshots: `internal`, `external`, `no`, `manual`. */
  snapshot: text<'internal' | 'external' | 'no' | 'manual'>('@snapshot'),
  driver: text<'qemu'>('driver/@name'),
  /** Format of the image: `qcow2`, `raw`. Never leave it to probing, which would let a guest choose. */
  format: text<'qcow2' | 'raw'>('driver/@type'),
  cache: text<'none' | 'writeback' | 'writethrough' | 'directsync' | 'unsafe'>('driver/@cache'),
  io: text<'threads' | 'native' | 'io_uring'>('driver/@io'),
  discard: text<'unmap' | 'ignore'>('driver/@discard'),
  detectZeroes: text<'off' | 'on' | 'unmap'>('driver/@detect_zeroes'),
  errorPolicy: text<'stop' | 'report' | 'ignore' | 'enospace'>('driver/@error_policy'),
  readErrorPolicy: text<'stop' | 'report' | 'ignore'>('driver/@rerror_policy'),
  copyOnRead: onOff('driver/@copy_on_read'),
  discardNoUnref: onOff('driver/@discard_no_unref'),
  queues: integer('driver/@queues'),
  /** Number of the I/O thread that serves it. */
  iothread: integer('driver/@iothread'),
  /** Where its bytes are; null for an empty drive, and for kinds this version does not know. */
  source: diskSource,
  /** The images under it; null lets libvirt find them, an empty chain says that there are none. */
  backingChain: variant<readonly BackingImage[]>(readChain, writeChain),
  /** Its name inside libvirt: `vda`, `sda`. */
  target: text('target/@dev'),
  bus: text<'virtio' | 'scsi' | 'sata' | 'ide' | 'usb' | 'fdc' | 'sd' | 'nvme'>('target/@bus'),
  /** Of the drive of an empty or changeable medium. */
  tray: text<'open' | 'closed'>('target/@tray'),
  removable: onOff('target/@removable'),
  /** Revolutions per minute the guest sees; 1 is an SSD. */
  rotationRate: integer('target/@rotation_rate'),
  iotune: record('iotune', {
    totalBytesSec: integer('total_bytes_sec'),
    readBytesSec: integer('read_bytes_sec'),
    writeBytesSec: integer('write_bytes_sec'),
    totalIopsSec: integer('total_iops_sec'),
    readIopsSec: integer('read_iops_sec'),
    writeIopsSec: integer('write_iops_sec'),
    totalBytesSecMax: integer('total_bytes_sec_max'),
    readBytesSecMax: integer('read_bytes_sec_max'),
    writeBytesSecMax: integer('write_bytes_sec_max'),
    totalIopsSecMax: integer('total_iops_sec_max'),
    readIopsSecMax: integer('read_iops_sec_max'),
    writeIopsSecMax: integer('write_iops_sec_max'),
    totalBytesSecMaxLength: integer('total_bytes_sec_max_length'),
    readBytesSecMaxLength: integer('read_bytes_sec_max_length'),
    writeBytesSecMaxLength: integer('write_bytes_sec_max_length'),
    totalIopsSecMaxLength: integer('total_iops_sec_max_length'),
    readIopsSecMaxLength: integer('read_iops_sec_max_length'),
    writeIopsSecMaxLength: integer('write_iops_sec_max_length'),
    sizeIopsSec: integer('size_iops_sec'),
    groupName: text('group_name'),
  }),
  /** Bytes; geometry as the guest is told. */
  blockSize: record('blockio', {
    logical: integer('@logical_block_size'),
    physical: integer('@physical_block_size'),
  }),
  readonly: present('readonly'),
  shareable: present('shareable'),
  transient: present('transient'),
  serial: exactText('serial'),
  wwn: text('wwn'),
  vendor: exactText('vendor'),
  product: exactText('product'),
  /** LUKS of the image, opened with a secret of libvirt's. */
  encryption: record('encryption', {
    format: required(text<'luks' | 'qcow'>('@format'), ''),
    secretUuid: text('secret/@uuid'),
    secretUsage: text('secret/@usage'),
  }),
  /** Only for SCSI pass-through. */
  rawio: yesNo('@rawio'),
};

/** What a disk must be given; without a `source` it is an empty drive. */
export type DiskOptions = NewDevice<typeof fields, 'target' | 'bus' | 'format'>;

export class Disk extends withFields(Device, fields) {
  /** A disk of QEMU's; its kind follows the source. */
  static create(options: DiskOptions): Disk {
    const { device = 'disk', driver = 'qemu', source = null } = options;
    const disk = newDevice(Disk, 'disk', fields, { ...options, device, driver });
    if (source === null) disk.element.setAttribute('type', 'file');
    return disk;
  }

  /** A running copy to another image (`copy`, `active-commit`); null when there is none. */
  get mirror(): { readonly job: string; readonly ready: boolean; readonly source: DiskSource | null } | null {
    const mirror = this.element.child('mirror');
    if (mirror === null) return null;
    return {
      job: mirror.attribute('job') ?? '',
      ready: mirror.attribute('ready') === 'yes',
      source: diskSource.read(mirror),
    };
  }
}

function readChain(disk: XmlElement): BackingImage[] | null {
  const first = disk.child('backingStore');
  if (first === null) return null;
  const chain: BackingImage[] = [];
  for (let image: XmlElement | null = first; image?.isEmpty === false; image = image.child('backingStore')) {
    chain.push({ format: image.get('format/@type') ?? '', source: diskSource.read(image) });
  }
  return chain;
}

/** An empty element ends the chain, or libvirt would go on looking. */
function writeChain(disk: XmlElement, chain: readonly BackingImage[] | null): void {
  disk.child('backingStore')?.remove();
  if (chain === null) return;
  let end = disk.ensure('backingStore');
  for (const { format, source } of chain) {
    diskSource.write(end, source);
    end.set('format/@type', format);
    end = end.ensure('backingStore');
  }
}
