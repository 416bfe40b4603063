import { integer, onOff, text, yesNo } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { record, texts } from '../../fields/structure.ts';
import { Device, type NewDevice, newDevice, typeField } from './device.ts';

const video = {
  model: text<'virtio' | 'qxl' | 'vga' | 'bochs' | 'ramfb' | 'cirrus' | 'vmvga' | 'none'>('model/@type'),
  /** KiB. */
  vram: integer('model/@vram'),
  /** KiB; of `qxl`. */
  ram: integer('model/@ram'),
  /** KiB; of `qxl`. */
  vgamem: integer('model/@vgamem'),
  heads: integer('model/@heads'),
  primary: yesNo('model/@primary'),
  /** 3D in the host's graphics card. */
  accel3d: yesNo('model/acceleration/@accel3d'),
  blob: onOff('model/@blob'),
  /** What the guest starts with; pixels. */
  resolution: record('model/resolution', { x: integer('@x'), y: integer('@y') }),
  /** `vhostuser` runs it in a process of its own. */
  driver: text<'qemu' | 'vhostuser'>('driver/@name'),
};

export class Video extends withFields(Device, video) {
  static create(options: NewDevice<typeof video, 'model'>): Video {
    return newDevice(Video, 'video', video, options);
  }
}

const sound = {
  model: text<'ich9' | 'ich6' | 'ich7' | 'ac97' | 'es1370' | 'sb16' | 'pcspk' | 'usb' | 'virtio'>('@model'),
  /** Kinds of codecs of Intel's models: `duplex`, `micro`, `output`. */
  codecs: texts('codec', '@type'),
  /** Number of the audio backend. */
  audioId: integer('audio/@id'),
  multichannel: yesNo('@multichannel'),
};

export class Sound extends withFields(Device, sound) {
  static create(options: NewDevice<typeof sound, 'model'>): Sound {
    return newDevice(Sound, 'sound', sound, options);
  }
}

const audio = {
  id: integer('@id'),
  type: typeField<'none' | 'spice' | 'pulseaudio' | 'pipewire' | 'alsa' | 'dbus' | 'sdl' | 'jack' | 'file'>(),
  serverName: text('@serverName'),
  path: text('@path'),
};

/** Where sound goes on the host. */
export class Audio extends withFields(Device, audio) {
  static create(options: NewDevice<typeof audio, 'id' | 'type'>): Audio {
    return newDevice(Audio, 'audio', audio, options);
  }
}

const input = {
  type: typeField<'mouse' | 'tablet' | 'keyboard' | 'passthrough' | 'evdev'>(),
  bus: text<'usb' | 'ps2' | 'virtio' | 'xen'>('@bus'),
  model: text<'virtio' | 'virtio-transitional' | 'virtio-non-transitional'>('@model'),
  /** The host's event device, of `passthrough`. */
  evdev: text('source/@evdev'),
  /** The host's event device, of `evdev`. */
  dev: text('source/@dev'),
};

export class Input extends withFields(Device, input) {
  static create(options: NewDevice<typeof input, 'type'>): Input {
    return newDevice(Input, 'input', input, options);
  }
}

const hub = { type: typeField<'usb'>() };

export class Hub extends withFields(Device, hub) {
  static create(): Hub {
    return newDevice(Hub, 'hub', hub, { type: 'usb' });
  }
}
