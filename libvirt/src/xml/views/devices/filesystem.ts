import { integer, onOff, present, text } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { Device, type NewDevice, newDevice, typeField } from './device.ts';

const fields = {
  type: typeField<'mount' | 'template' | 'file' | 'block' | 'ram' | 'bind'>(),
  accessMode: text<'passthrough' | 'mapped' | 'squash'>('@accessmode'),
  /** Octal modes of what the guest creates under `mapped`. */
  fileMode: text('@fmode'),
  directoryMode: text('@dmode'),
  /** `virtiofs` needs memory that is shared: `memoryBacking`. */
  driver: text<'virtiofs' | 'path' | 'handle'>('driver/@type'),
  queue: integer('driver/@queue'),
  writePolicy: text<'immediate'>('driver/@wrpolicy'),
  binary: text('binary/@path'),
  xattr: onOff('binary/@xattr'),
  cacheMode: text<'none' | 'always'>('binary/cache/@mode'),
  sandboxMode: text<'namespace' | 'chroot'>('binary/sandbox/@mode'),
  threadPoolSize: integer('binary/thread_pool/@size'),
  sourceDirectory: text('source/@dir'),
  /** Of a virtiofsd that is not started by libvirt. */
  sourceSocket: text('source/@socket'),
  /** The tag the guest mounts it by. */
  target: text('target/@dir'),
  readonly: present('readonly'),
};

/** A folder of the host shown to the guest. */
export class Filesystem extends withFields(Device, fields) {
  static create(options: NewDevice<typeof fields, 'target'>): Filesystem {
    return newDevice(Filesystem, 'filesystem', fields, { type: 'mount', ...options });
  }
}
