import type { ElementSpec } from '../dom.ts';
import type { XmlElement } from '../xml-element.ts';
import { Device } from './device.ts';
import { Disk } from './disk.ts';
import { Graphics } from './graphics.ts';
import { NetworkInterface } from './network-interface.ts';
import { CharacterDevice, HostDevice, Tpm, Filesystem } from './other-devices.ts';

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

  /** Path of the program that emulates the machine. */
  get emulator(): string | null {
    return this.#domain.get('devices/emulator');
  }

  get disks(): Disk[] {
    return this.#elements('disk').map((element) => new Disk(element));
  }

  get interfaces(): NetworkInterface[] {
    return this.#elements('interface').map((element) => new NetworkInterface(element));
  }

  get graphics(): Graphics[] {
    return this.#elements('graphics').map((element) => new Graphics(element));
  }

  get serials(): CharacterDevice[] {
    return this.#characterDevices('serial');
  }

  get consoles(): CharacterDevice[] {
    return this.#characterDevices('console');
  }

  get channels(): CharacterDevice[] {
    return this.#characterDevices('channel');
  }

  get tpms(): Tpm[] {
    return this.#elements('tpm').map((element) => new Tpm(element));
  }

  get hostDevices(): HostDevice[] {
    return this.#elements('hostdev').map((element) => new HostDevice(element));
  }

  get filesystems(): Filesystem[] {
    return this.#elements('filesystem').map((element) => new Filesystem(element));
  }

  get controllers(): Device[] {
    return this.all('controller');
  }

  get videos(): Device[] {
    return this.all('video');
  }

  get sounds(): Device[] {
    return this.all('sound');
  }

  get inputs(): Device[] {
    return this.all('input');
  }

  get watchdogs(): Device[] {
    return this.all('watchdog');
  }

  get randomGenerators(): Device[] {
    return this.all('rng');
  }

  /** null when there is none, or none was said. */
  get memoryBalloon(): Device | null {
    return this.all('memballoon')[0] ?? null;
  }

  /** Devices of any kind, by the name of their element. */
  all(name: string): Device[] {
    return this.#elements(name).map((element) => new Device(element));
  }

  /** Add a device behind the others of its kind, e.g. `add(diskSpec({ … }))`. */
  add(spec: ElementSpec): Device {
    return new Device(this.#domain.ensure('devices').add(spec));
  }

  #characterDevices(name: string): CharacterDevice[] {
    return this.#elements(name).map((element) => new CharacterDevice(element));
  }

  #elements(name: string): XmlElement[] {
    return this.element?.children(name) ?? [];
  }
}
