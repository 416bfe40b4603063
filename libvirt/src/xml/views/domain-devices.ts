import type { XmlElement } from '../xml-element.ts';
import { CharacterDevice, RedirectedDevice, Smartcard } from './devices/character-devices.ts';
import { Controller } from './devices/controller.ts';
import { Device } from './devices/device.ts';
import { Disk } from './devices/disk.ts';
import { Filesystem } from './devices/filesystem.ts';
import { Graphics } from './devices/graphics.ts';
import {
  CryptoDevice,
  MemoryBalloon,
  Panic,
  RandomGenerator,
  Tpm,
  Vsock,
  Watchdog,
} from './devices/guest-services.ts';
import { HostDevice } from './devices/host-device.ts';
import { NetworkInterface } from './devices/network-interface.ts';
import { Iommu, Lease, MemoryDevice, SharedMemory } from './devices/platform-devices.ts';
import { Audio, Hub, Input, Sound, Video } from './devices/screen-and-input.ts';

/** The devices of a domain: its `<devices>` element. */
export class DomainDevices {
  readonly #domain: XmlElement;

  constructor(domain: XmlElement) {
    this.#domain = domain;
  }

  /** The element; null when the document has none yet. */
  get element(): XmlElement | null {
    return this.#domain.child('devices');
  }

  /** Path of the program that emulates the machine; null leaves the choice to libvirt. */
  get emulator(): string | null {
    return this.#domain.get('devices/emulator');
  }

  set emulator(path: string | null) {
    this.#domain.set('devices/emulator', path);
  }

  get disks(): Disk[] {
    return this.#views('disk', Disk);
  }

  get controllers(): Controller[] {
    return this.#views('controller', Controller);
  }

  get leases(): Lease[] {
    return this.#views('lease', Lease);
  }

  get filesystems(): Filesystem[] {
    return this.#views('filesystem', Filesystem);
  }

  get interfaces(): NetworkInterface[] {
    return this.#views('interface', NetworkInterface);
  }

  get smartcards(): Smartcard[] {
    return this.#views('smartcard', Smartcard);
  }

  get serials(): CharacterDevice[] {
    return this.#views('serial', CharacterDevice);
  }

  get parallels(): CharacterDevice[] {
    return this.#views('parallel', CharacterDevice);
  }

  get consoles(): CharacterDevice[] {
    return this.#views('console', CharacterDevice);
  }

  get channels(): CharacterDevice[] {
    return this.#views('channel', CharacterDevice);
  }

  get inputs(): Input[] {
    return this.#views('input', Input);
  }

  get tpms(): Tpm[] {
    return this.#views('tpm', Tpm);
  }

  get graphics(): Graphics[] {
    return this.#views('graphics', Graphics);
  }

  get sounds(): Sound[] {
    return this.#views('sound', Sound);
  }

  get audios(): Audio[] {
    return this.#views('audio', Audio);
  }

  get videos(): Video[] {
    return this.#views('video', Video);
  }

  get hostDevices(): HostDevice[] {
    return this.#views('hostdev', HostDevice);
  }

  get redirectedDevices(): RedirectedDevice[] {
    return this.#views('redirdev', RedirectedDevice);
  }

  get hubs(): Hub[] {
    return this.#views('hub', Hub);
  }

  get watchdogs(): Watchdog[] {
    return this.#views('watchdog', Watchdog);
  }

  /** null when there is none, or none was said: libvirt then adds one. */
  get memoryBalloon(): MemoryBalloon | null {
    return this.#views('memballoon', MemoryBalloon)[0] ?? null;
  }

  get randomGenerators(): RandomGenerator[] {
    return this.#views('rng', RandomGenerator);
  }

  get panics(): Panic[] {
    return this.#views('panic', Panic);
  }

  get sharedMemories(): SharedMemory[] {
    return this.#views('shmem', SharedMemory);
  }

  get memoryDevices(): MemoryDevice[] {
    return this.#views('memory', MemoryDevice);
  }

  get iommu(): Iommu | null {
    return this.#views('iommu', Iommu)[0] ?? null;
  }

  get vsock(): Vsock | null {
    return this.#views('vsock', Vsock)[0] ?? null;
  }

  get cryptoDevices(): CryptoDevice[] {
    return this.#views('crypto', CryptoDevice);
  }

  /** Devices of any kind, by the name of their element. */
  all(kind: string): Device[] {
    return this.#views(kind, Device);
  }

  /**
   * Add a copy of a device behind the others of its kind, e.g. `add(Sound.create({ model: 'ich9' }))`.
   *
   * @returns the device in the domain; the given one stays what it was
   */
  add<T extends Device>(device: T): T {
    const added = this.#domain.ensure('devices').addCopy(device.element);
    return new (device.constructor as new (element: XmlElement) => T)(added);
  }

  /** The first name no disk of the bus has: `vda`, `sdb`, … */
  nextTargetDev(bus: string): string {
    const prefix = targetPrefix(bus);
    const taken = new Set(this.disks.map(({ target }) => target));
    for (let index = 0; ; index += 1) {
      const name = prefix + letters(index);
      if (!taken.has(name)) return name;
    }
  }

  #views<T>(kind: string, view: new (element: XmlElement) => T): T[] {
    return (this.element?.children(kind) ?? []).map((element) => new view(element));
  }
}

/** The names Linux would give, which libvirt checks against the bus. */
function targetPrefix(bus: string): string {
  switch (bus) {
    case 'virtio':
      return 'vd';
    case 'ide':
      return 'hd';
    case 'fdc':
      return 'fd';
    case 'xen':
      return 'xvd';
    default:
      return 'sd';
  }
}

/** 0 is `a`, 25 is `z`, 26 is `aa`. */
function letters(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? '' : letters(rest)) + 'abcdefghijklmnopqrstuvwxyz'.charAt(index % 26);
}
