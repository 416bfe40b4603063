import type { ElementSpec } from '../dom.ts';
import { Device } from './device.ts';

/** Where a disk's bytes are. */
export type DiskSource =
  | { readonly type: 'file'; readonly file: string }
  | { readonly type: 'block'; readonly dev: string }
  | { readonly type: 'dir'; readonly dir: string }
  | { readonly type: 'volume'; readonly pool: string; readonly volume: string };

export interface DiskOptions {
  /** null is an empty drive. */
  readonly source: DiskSource | null;
  /** Default `disk`. */
  readonly device?: 'disk' | 'cdrom' | 'floppy' | 'lun';
  /** Name of the disk inside libvirt: `vda`, `sda`. */
  readonly target: string;
  /** `virtio`, `scsi`, `sata`, `ide`, `usb`, `fdc`. */
  readonly bus: string;
  /** Image format: `qcow2` or `raw`. Never left to probing, which would let a guest choose. */
  readonly format: string;
  readonly cache?: string;
  readonly discard?: 'unmap' | 'ignore';
  readonly serial?: string;
  readonly bootOrder?: number;
  readonly readonly?: boolean;
  readonly shareable?: boolean;
}

export function diskSpec(options: DiskOptions): ElementSpec {
  const { source, device = 'disk', target, bus, format, cache, discard } = options;
  return {
    name: 'disk',
    attributes: { type: source?.type ?? 'file', device },
    content: [
      { name: 'driver', attributes: { name: 'qemu', type: format, cache, discard } },
      source && sourceSpec(source),
      { name: 'target', attributes: { dev: target, bus } },
      options.readonly === true ? { name: 'readonly' } : null,
      options.shareable === true ? { name: 'shareable' } : null,
      options.serial === undefined ? null : { name: 'serial', content: options.serial },
      options.bootOrder === undefined ? null : { name: 'boot', attributes: { order: options.bootOrder } },
    ],
  };
}

function sourceSpec({ type: _type, ...attributes }: DiskSource): ElementSpec {
  return { name: 'source', attributes };
}

export class Disk extends Device {
  /** `disk`, `cdrom`, `floppy` or `lun`. */
  get device(): string {
    return this.element.attribute('device') ?? 'disk';
  }

  get target(): string {
    return this.element.get('target/@dev') ?? '';
  }

  get bus(): string | null {
    return this.element.get('target/@bus');
  }

  set bus(value: string) {
    this.element.set('target/@bus', value);
  }

  get format(): string | null {
    return this.element.get('driver/@type');
  }

  set format(value: string) {
    this.element.set('driver/@type', value);
  }

  get cache(): string | null {
    return this.element.get('driver/@cache');
  }

  set cache(value: string | null) {
    this.element.set('driver/@cache', value);
  }

  get discard(): string | null {
    return this.element.get('driver/@discard');
  }

  set discard(value: string | null) {
    this.element.set('driver/@discard', value);
  }

  get serial(): string | null {
    return this.element.get('serial');
  }

  set serial(value: string | null) {
    this.element.set('serial', value);
  }

  get readonly(): boolean {
    return this.element.has('readonly');
  }

  set readonly(value: boolean) {
    this.element.setPresent('readonly', value);
  }

  get shareable(): boolean {
    return this.element.has('shareable');
  }

  set shareable(value: boolean) {
    this.element.setPresent('shareable', value);
  }

  /** null for an empty drive, and for kinds of sources (network, vhost-user, …) only `element` tells about. */
  get source(): DiskSource | null {
    const source = this.element.child('source');
    const read = (name: string) => source?.attribute(name) ?? null;
    const [file, dev, dir, pool, volume] = ['file', 'dev', 'dir', 'pool', 'volume'].map(read);
    switch (this.type ?? 'file') {
      case 'file':
        return file == null ? null : { type: 'file', file };
      case 'block':
        return dev == null ? null : { type: 'block', dev };
      case 'dir':
        return dir == null ? null : { type: 'dir', dir };
      case 'volume':
        return pool == null || volume == null ? null : { type: 'volume', pool, volume };
      default:
        return null;
    }
  }

  /** Another medium or image. null empties the drive. A running chain (`backingStore`) belonged to the old one. */
  set source(value: DiskSource | null) {
    for (const name of ['source', 'backingStore']) this.element.child(name)?.remove();
    if (value === null) return;
    this.type = value.type;
    this.element.add(sourceSpec(value));
  }
}
