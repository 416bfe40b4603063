import type { ElementSpec } from '../dom.ts';
import { XmlDocument } from '../xml-document.ts';
import { DocumentView, NamedDocument } from './xml-view.ts';

/** The definition of a storage pool. Sizes are in bytes. */
export class PoolXml extends NamedDocument {
  /** @throws {XmlSyntaxError} when the text is no `<pool>` document. */
  static parse(text: string): PoolXml {
    return new PoolXml(XmlDocument.parse(text, 'pool'));
  }

  /** A pool of the given type, e.g. `dir`, `logical`, `netfs`. */
  static create(type: string, name: string): PoolXml {
    return new PoolXml(
      XmlDocument.create({ name: 'pool', attributes: { type }, content: [{ name: 'name', content: name }] }),
    );
  }

  get type(): string {
    return this.root.attribute('type') ?? '';
  }

  get capacity(): number {
    return this.bytes('capacity', 'bytes') ?? 0;
  }

  get allocation(): number {
    return this.bytes('allocation', 'bytes') ?? 0;
  }

  get available(): number {
    return this.bytes('available', 'bytes') ?? 0;
  }

  /** Where its volumes are found on the host. */
  get targetPath(): string | null {
    return this.root.get('target/path');
  }

  set targetPath(path: string) {
    this.root.set('target/path', path);
  }

  get sourceDevices(): string[] {
    const devices = this.root.child('source')?.children('device') ?? [];
    return devices.flatMap((device) => device.attribute('path') ?? []);
  }
}

function sizeSpec(name: string, bytes: number): ElementSpec {
  return { name, attributes: { unit: 'bytes' }, content: bytes };
}

function formatSpec(type: string): ElementSpec {
  return { name: 'format', attributes: { type } };
}

export interface VolumeOptions {
  readonly name: string;
  readonly capacity: number;
  /** Bytes reserved at once; 0 grows as it is written. Default: libvirt's, all of it. */
  readonly allocation?: number;
  readonly format?: string;
  /** An image this one shows through until written. */
  readonly backing?: { readonly path: string; readonly format: string };
}

/** The description of a volume. Sizes are in bytes. */
export class VolumeXml extends DocumentView {
  /** @throws {XmlSyntaxError} when the text is no `<volume>` document. */
  static parse(text: string): VolumeXml {
    return new VolumeXml(XmlDocument.parse(text, 'volume'));
  }

  static create(options: VolumeOptions): VolumeXml {
    const { name, capacity, allocation, format, backing } = options;
    const content = [
      { name: 'name', content: name },
      sizeSpec('capacity', capacity),
      allocation === undefined ? null : sizeSpec('allocation', allocation),
      format === undefined ? null : { name: 'target', content: [formatSpec(format)] },
      backing && {
        name: 'backingStore',
        content: [{ name: 'path', content: backing.path }, formatSpec(backing.format)],
      },
    ];
    return new VolumeXml(XmlDocument.create({ name: 'volume', content }));
  }

  get name(): string {
    return this.root.get('name') ?? '';
  }

  set name(value: string) {
    this.root.set('name', value);
  }

  /** `file`, `block`, `dir`, `network`, …; only in what libvirt writes. */
  get type(): string | null {
    return this.root.attribute('type');
  }

  get key(): string | null {
    return this.root.get('key');
  }

  get capacity(): number {
    return this.bytes('capacity', 'bytes') ?? 0;
  }

  set capacity(bytes: number) {
    this.setBytes('capacity', bytes);
  }

  get allocation(): number {
    return this.bytes('allocation', 'bytes') ?? 0;
  }

  get path(): string | null {
    return this.root.get('target/path');
  }

  get format(): string | null {
    return this.root.get('target/format/@type');
  }

  set format(type: string) {
    this.root.set('target/format/@type', type);
  }

  get backingPath(): string | null {
    return this.root.get('backingStore/path');
  }
}
