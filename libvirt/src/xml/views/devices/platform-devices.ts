import { hexadecimal, integer, onOff, size, text, yesNo } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { Device, type NewDevice, newDevice } from './device.ts';

const shmem = {
  name: text('@name'),
  role: text<'peer' | 'master'>('@role'),
  model: text<'ivshmem-plain' | 'ivshmem-doorbell'>('model/@type'),
  /** Bytes; a power of two of MiB. */
  size: size('size', 'MiB'),
  serverPath: text('server/@path'),
};

/** Memory shared with the host and other guests. */
export class SharedMemory extends withFields(Device, shmem) {
  static create(options: NewDevice<typeof shmem, 'name' | 'model'>): SharedMemory {
    return newDevice(SharedMemory, 'shmem', shmem, options);
  }
}

const iommu = {
  model: text<'intel' | 'smmuv3' | 'virtio'>('@model'),
  interruptRemapping: onOff('driver/@intremap'),
  cachingMode: onOff('driver/@caching_mode'),
  extendedInterruptMode: onOff('driver/@eim'),
  iotlb: onOff('driver/@iotlb'),
  addressBits: integer('driver/@aw_bits'),
};

export class Iommu extends withFields(Device, iommu) {
  static create(options: NewDevice<typeof iommu, 'model'>): Iommu {
    return newDevice(Iommu, 'iommu', iommu, options);
  }
}

const memory = {
  model: text<'dimm' | 'nvdimm' | 'virtio-mem' | 'virtio-pmem' | 'sgx-epc'>('@model'),
  access: text<'shared' | 'private'>('@access'),
  discard: yesNo('@discard'),
  uuid: text('uuid'),
  /** The file or device behind it. */
  sourcePath: text('source/path'),
  sourceNodes: text('source/nodemask'),
  sourcePageSize: size('source/pagesize', 'KiB'),
  size: size('target/size', 'KiB'),
  /** Guest NUMA node. */
  node: integer('target/node'),
  labelSize: size('target/label/size', 'KiB'),
  blockSize: size('target/block', 'KiB'),
  /** Of `virtio-mem`: what the guest is asked to take. */
  requested: size('target/requested', 'KiB'),
  /** Of `virtio-mem`: what it has taken. */
  current: size('target/current', 'KiB'),
  /** Where it is in the guest's memory. */
  baseAddress: hexadecimal('target/address/@base', 1),
};

/** A module of memory that can be plugged in. Bytes. */
export class MemoryDevice extends withFields(Device, memory) {
  static create(options: NewDevice<typeof memory, 'model' | 'size'>): MemoryDevice {
    return newDevice(MemoryDevice, 'memory', memory, options);
  }
}

const lease = { lockspace: text('lockspace'), key: text('key'), path: text('target/@path') };

/** What a lock manager has to grant before the machine starts. */
export class Lease extends withFields(Device, lease) {
  static create(options: NewDevice<typeof lease, 'key' | 'path'>): Lease {
    return newDevice(Lease, 'lease', lease, options);
  }
}
