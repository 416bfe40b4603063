import { integer, onOff, required, text, yesNo } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { list } from '../../fields/structure.ts';
import { Device, type NewDevice, newDevice, typeField } from './device.ts';

const fields = {
  type: typeField<'vnc' | 'spice' | 'sdl' | 'egl-headless' | 'dbus' | 'rdp'>(),
  autoport: yesNo('@autoport'),
  websocket: integer('@websocket'),
  keymap: text('@keymap'),
  /** How VNC clients share: `allow-exclusive`, `force-shared`, `ignore`. */
  sharePolicy: text<'allow-exclusive' | 'force-shared' | 'ignore'>('@sharePolicy'),
  /** Only there when the XML was asked for with its secrets. */
  password: text('@passwd'),
  /** Until when the password is taken: UTC, ISO 8601. */
  passwordValidTo: text('@passwdValidTo'),
  powerControl: yesNo('@powerControl'),
  /** Where it listens: a `socket` (libvirt chooses the path unless given), an `address`, a `network` or `none`. */
  listens: list('listen', {
    type: required(text<'socket' | 'address' | 'network' | 'none'>('@type'), 'none'),
    socket: text('@socket'),
    address: text('@address'),
    network: text('@network'),
  }),
  gl: yesNo('gl/@enable'),
  renderNode: text('gl/@rendernode'),
  /** Number of the audio backend. */
  audioId: integer('audio/@id'),
  clipboardCopyPaste: yesNo('clipboard/@copypaste'),
  fileTransfer: yesNo('filetransfer/@enable'),
  imageCompression: text('image/@compression'),
  streaming: text<'filter' | 'all' | 'off'>('streaming/@mode'),
  zlibCompression: text<'auto' | 'never' | 'always'>('zlib/@compression'),
  playbackCompression: onOff('playback/@compression'),
};

export class Graphics extends withFields(Device, fields) {
  /** A screen on a socket of libvirt's choice: `Graphics.create({ type: 'vnc', listens: [{ type: 'socket' }] })`. */
  static create(options: NewDevice<typeof fields, 'type' | 'listens'>): Graphics {
    const onPort = options.listens.some(({ type }) => type === 'address' || type === 'network');
    return newDevice(Graphics, 'graphics', fields, { autoport: onPort ? true : null, ...options });
  }

  /** null while the machine is off. */
  get port(): number | null {
    return positive(this.element.attribute('port'));
  }

  get tlsPort(): number | null {
    return positive(this.element.attribute('tlsPort'));
  }

  /** The first `<listen>` is authoritative; the attribute is its older form. */
  get socket(): string | null {
    return this.element.get('listen/@socket') ?? this.element.attribute('socket');
  }

  /** As {@link socket}. */
  get listenAddress(): string | null {
    return this.element.get('listen/@address') ?? this.element.attribute('listen');
  }
}

function positive(text: string | null): number | null {
  const port = Number(text ?? -1);
  return Number.isInteger(port) && port > 0 ? port : null;
}
