import type { ElementSpec } from '../dom.ts';
import { Device } from './device.ts';

/** What an interface is plugged into. */
export type InterfaceSource =
  | { readonly type: 'network'; readonly network: string }
  | { readonly type: 'bridge'; readonly bridge: string }
  | { readonly type: 'direct'; readonly dev: string; readonly mode: string }
  | { readonly type: 'user' };

export interface InterfaceOptions {
  readonly source: InterfaceSource;
  /** libvirt makes one up unless given. */
  readonly mac?: string;
  /** `virtio`, `e1000e`, … */
  readonly model: string;
  readonly linkUp?: boolean;
  readonly bootOrder?: number;
}

export function interfaceSpec({ source, mac, model, linkUp, bootOrder }: InterfaceOptions): ElementSpec {
  return {
    name: 'interface',
    attributes: { type: source.type },
    content: [
      mac === undefined ? null : { name: 'mac', attributes: { address: mac } },
      sourceSpec(source),
      { name: 'model', attributes: { type: model } },
      linkUp === undefined ? null : { name: 'link', attributes: { state: linkUp ? 'up' : 'down' } },
      bootOrder === undefined ? null : { name: 'boot', attributes: { order: bootOrder } },
    ],
  };
}

function sourceSpec({ type, ...attributes }: InterfaceSource): ElementSpec | null {
  return type === 'user' ? null : { name: 'source', attributes };
}

export class NetworkInterface extends Device {
  get mac(): string | null {
    return this.element.get('mac/@address');
  }

  set mac(value: string) {
    this.element.set('mac/@address', value);
  }

  override get model(): string | null {
    return this.element.get('model/@type');
  }

  override set model(value: string) {
    this.element.set('model/@type', value);
  }

  /** The host's end while the machine runs (`vnet3`). */
  get hostDevice(): string | null {
    return this.element.get('target/@dev');
  }

  /** A link is up unless it was taken down. */
  get linkUp(): boolean {
    return this.element.get('link/@state') !== 'down';
  }

  set linkUp(up: boolean) {
    this.element.set('link/@state', up ? 'up' : 'down');
  }

  /** null for kinds only `element` tells about. */
  get source(): InterfaceSource | null {
    const source = this.element.child('source');
    const read = (name: string) => source?.attribute(name) ?? '';
    switch (this.type ?? '') {
      case 'network':
        return { type: 'network', network: read('network') };
      case 'bridge':
        return { type: 'bridge', bridge: read('bridge') };
      case 'direct':
        return { type: 'direct', dev: read('dev'), mode: read('mode') };
      case 'user':
        return { type: 'user' };
      default:
        return null;
    }
  }

  /** Plug it in somewhere else. */
  set source(value: InterfaceSource) {
    this.element.child('source')?.remove();
    this.type = value.type;
    const spec = sourceSpec(value);
    if (spec !== null) this.element.add(spec);
  }
}
