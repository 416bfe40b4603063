import { present, required, size, text } from '../fields/field.ts';
import { assignFields, type Initial, withFields } from '../fields/field-view.ts';
import { record } from '../fields/structure.ts';
import { XmlDocument } from '../xml-document.ts';
import { permissions, poolSource, sizes, volumeEncryption } from './storage-parts.ts';
import { DocumentView, NamedDocument } from './xml-view.ts';

const poolFields = {
  type: required(
    text<
      | 'dir'
      | 'fs'
      | 'netfs'
      | 'disk'
      | 'logical'
      | 'iscsi'
      | 'iscsi-direct'
      | 'scsi'
      | 'mpath'
      | 'rbd'
      | 'zfs'
    >('@type'),
    '',
  ),
  name: required(text('name'), ''),
  uuid: text('uuid'),
  /** Where its volumes are taken from. */
  source: poolSource,
  /** Where its volumes are found on the host. */
  targetPath: text('target/path'),
  permissions,
};

/** The definition of a storage pool. Sizes are in bytes. */
export class PoolXml extends withFields(NamedDocument, poolFields) {
  /** @throws {XmlSyntaxError} when the text is no `<pool>` document. */
  static parse(text: string): PoolXml {
    return new PoolXml(XmlDocument.parse(text, 'pool'));
  }

  /** Which `source` and `targetPath` a pool needs depends on its type. */
  static create(options: Initial<typeof poolFields, 'type' | 'name'>): PoolXml {
    const pool = new PoolXml(XmlDocument.create({ name: 'pool' }));
    assignFields(pool.root, poolFields, options);
    return pool;
  }

  get capacity(): number {
    return sizes.capacity.read(this.root);
  }

  get allocation(): number {
    return sizes.allocation.read(this.root);
  }

  get available(): number {
    return this.bytes('available', 'bytes') ?? 0;
  }
}

const volumeFields = {
  name: required(text('name'), ''),
  capacity: sizes.capacity,
  /** Bytes reserved at once; 0 grows as it is written. A volume is created with libvirt's default, all, unless given. */
  allocation: sizes.allocation,
  format: text<'qcow2' | 'raw' | 'iso'>('target/format/@type'),
  permissions,
  /** Version of qcow2: `1.1` since QEMU 1.1. */
  compat: text<'0.10' | '1.1'>('target/compat'),
  /** No copy on write by the file system (btrfs). */
  nocow: present('target/nocow'),
  lazyRefcounts: present('target/features/lazy_refcounts'),
  extendedL2: present('target/features/extended_l2'),
  clusterSize: size('target/clusterSize', 'bytes'),
  encryption: volumeEncryption,
  /** The image this one shows through until written. */
  backing: record('backingStore', {
    path: required(text('path'), ''),
    format: text<'qcow2' | 'raw'>('format/@type'),
  }),
};

export type VolumeOptions = Initial<typeof volumeFields, 'name' | 'capacity'>;

/** The description of a volume. Sizes are in bytes. */
export class VolumeXml extends withFields(DocumentView, volumeFields) {
  /** @throws {XmlSyntaxError} when the text is no `<volume>` document. */
  static parse(text: string): VolumeXml {
    return new VolumeXml(XmlDocument.parse(text, 'volume'));
  }

  static create(options: VolumeOptions): VolumeXml {
    const volume = new VolumeXml(XmlDocument.create({ name: 'volume' }));
    assignFields(volume.root, volumeFields, options);
    return volume;
  }

  /** `file`, `block`, `dir`, `network`, …; only in what libvirt writes. */
  get type(): string | null {
    return this.root.attribute('type');
  }

  /** What libvirt finds it by, beside the name. */
  get key(): string | null {
    return this.root.get('key');
  }

  /** Bytes it takes on the host. */
  get physical(): number | null {
    return this.bytes('physical', 'bytes');
  }

  get path(): string | null {
    return this.root.get('target/path');
  }

  /** Seconds since 1970, of the last change. */
  get modifiedAt(): number | null {
    const seconds = this.root.get('target/timestamps/mtime');
    return seconds === null ? null : Number(seconds);
  }
}
