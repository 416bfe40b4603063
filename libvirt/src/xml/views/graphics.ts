import type { ElementSpec } from '../dom.ts';
import { readInteger } from '../quantity.ts';
import { Device } from './device.ts';

/** Where a graphical console listens: a socket (libvirt chooses the path unless given) or an address. */
export type GraphicsListen =
  | { readonly type: 'socket'; readonly socket?: string }
  | { readonly type: 'address'; readonly address: string }
  | { readonly type: 'none' };

export function graphicsSpec(type: 'vnc' | 'spice', listen: GraphicsListen): ElementSpec {
  const { type: kind, ...attributes } = listen;
  return {
    name: 'graphics',
    attributes: { type, ...(kind === 'address' && { port: -1, autoport: true }) },
    content: [{ name: 'listen', attributes: { type: kind, ...attributes } }],
  };
}

export class Graphics extends Device {
  /** null while the machine is off. */
  get port(): number | null {
    const port = readInteger(this.element.attribute('port'));
    return port === null || port <= 0 ? null : port;
  }

  /** The first `<listen>` is authoritative; the attribute is its older form. */
  get socket(): string | null {
    return this.element.get('listen/@socket') ?? this.element.attribute('socket');
  }

  /** As {@link socket}. */
  get address(): string | null {
    return this.element.get('listen/@address') ?? this.element.attribute('listen');
  }

  /** Only there when the XML was asked for with its secrets. */
  get password(): string | null {
    return this.element.attribute('passwd');
  }

  set password(value: string | null) {
    this.element.setAttribute('passwd', value);
  }
}
