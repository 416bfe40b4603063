import { integer, onOff, text } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { Device, type NewDevice, newDevice, typeField } from './device.ts';

/** The host's end of anything that carries characters. */
export const characterSource = {
  type: typeField<
    'pty' | 'unix' | 'tcp' | 'udp' | 'file' | 'dev' | 'pipe' | 'null' | 'stdio' | 'spicevmc' | 'vc'
  >(),
  /** Of a pseudo terminal (known while the machine runs), socket, file or device. */
  sourcePath: text('source/@path'),
  /** Whether a socket is listened on or connected to. */
  sourceMode: text<'bind' | 'connect'>('source/@mode'),
  sourceHost: text('source/@host'),
  /** The port. */
  sourceService: text('source/@service'),
  /** A file is continued rather than overwritten. */
  sourceAppend: onOff('source/@append'),
  /** Of a SPICE port. */
  sourceChannel: text('source/@channel'),
  protocol: text<'raw' | 'telnet' | 'telnets' | 'tls'>('protocol/@type'),
  /** Gets everything the guest writes. */
  logFile: text('log/@file'),
  logAppend: onOff('log/@append'),
};

const fields = {
  ...characterSource,
  targetType: text<'isa-serial' | 'usb-serial' | 'pci-serial' | 'serial' | 'virtio' | 'guestfwd'>(
    'target/@type',
  ),
  targetPort: integer('target/@port'),
  /** `isa-serial`, `pl011`, `sclpconsole`, … */
  targetModel: text('target/model/@name'),
  /** Name of a channel inside the guest, e.g. `org.qemu.guest_agent.0`. */
  targetName: text('target/@name'),
};

/** A serial or parallel port, a console or a channel. */
export class CharacterDevice extends withFields(Device, fields) {
  static create(
    kind: 'serial' | 'parallel' | 'console' | 'channel',
    options: NewDevice<typeof fields, 'type'>,
  ): CharacterDevice {
    return newDevice(CharacterDevice, kind, fields, options);
  }

  /** A channel the guest finds by its name; libvirt chooses the socket. */
  static channel(targetName: string): CharacterDevice {
    return CharacterDevice.create('channel', { type: 'unix', targetType: 'virtio', targetName });
  }

  /** `connected` or `disconnected`, known for channels of a running machine. */
  get targetState(): string | null {
    return this.element.get('target/@state');
  }
}

const redirection = { bus: text<'usb'>('@bus'), ...characterSource };

/** A USB device of the viewer's. */
export class RedirectedDevice extends withFields(Device, redirection) {
  static create(options: NewDevice<typeof redirection, 'type'>): RedirectedDevice {
    return newDevice(RedirectedDevice, 'redirdev', redirection, { bus: 'usb', ...options });
  }
}

const smartcard = { mode: text<'host' | 'host-certificates' | 'passthrough'>('@mode'), ...characterSource };

export class Smartcard extends withFields(Device, smartcard) {
  static create(options: NewDevice<typeof smartcard, 'mode'>): Smartcard {
    return newDevice(Smartcard, 'smartcard', smartcard, options);
  }
}
