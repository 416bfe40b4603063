import type { XmlElement } from '../xml-element.ts';

export interface FirmwareLoader {
  readonly path: string;
  /** `pflash` or `rom`. */
  readonly type: string | null;
  readonly readonly: boolean;
  readonly secure: boolean;
}

/** How a domain boots: its `<os>` element. */
export class DomainOs {
  readonly #domain: XmlElement;

  constructor(domain: XmlElement) {
    this.#domain = domain;
  }

  /** The element; null when the document has none yet. */
  get element(): XmlElement | null {
    return this.#domain.child('os');
  }

  /** `hvm` for a full machine. */
  get type(): string | null {
    return this.#domain.get('os/type');
  }

  set type(value: string) {
    this.#domain.set('os/type', value);
  }

  get architecture(): string | null {
    return this.#domain.get('os/type/@arch');
  }

  set architecture(value: string | null) {
    this.#domain.set('os/type/@arch', value);
  }

  get machine(): string | null {
    return this.#domain.get('os/type/@machine');
  }

  set machine(value: string | null) {
    this.#domain.set('os/type/@machine', value);
  }

  /** `efi` or `bios` when libvirt is to choose the image; null when it is given, or is the default. */
  get firmware(): string | null {
    return this.#domain.get('os/@firmware');
  }

  set firmware(value: string | null) {
    this.#domain.set('os/@firmware', value);
  }

  /** Whether the guest starts under UEFI, however that was asked for. */
  get isUefi(): boolean {
    const named = this.firmware;
    return named === null ? this.#domain.get('os/loader/@type') === 'pflash' : named === 'efi';
  }

  get loader(): FirmwareLoader | null {
    const loader = this.element?.child('loader');
    if (loader === null || loader === undefined) return null;
    return {
      path: loader.text.trim(),
      type: loader.attribute('type'),
      readonly: loader.attribute('readonly') === 'yes',
      secure: loader.attribute('secure') === 'yes',
    };
  }

  set loader(value: FirmwareLoader | null) {
    if (value === null) {
      this.#domain.set('os/loader', null);
      return;
    }
    this.#domain.set('os/loader', value.path);
    this.#domain.set('os/loader/@type', value.type);
    this.#domain.set('os/loader/@readonly', value.readonly || null);
    this.#domain.set('os/loader/@secure', value.secure || null);
  }

  /** File of the UEFI variables. */
  get nvram(): string | null {
    return this.#domain.get('os/nvram');
  }

  set nvram(path: string | null) {
    this.#domain.set('os/nvram', path);
  }

  /** `hd`, `cdrom`, `network`, `fd` in the order tried. Empty when devices carry their own boot order. */
  get bootDevices(): string[] {
    return (this.element?.children('boot') ?? []).flatMap((boot) => boot.attribute('dev') ?? []);
  }

  set bootDevices(devices: readonly string[]) {
    const specs = devices.map((dev) => ({ name: 'boot', attributes: { dev } }));
    if (specs.length > 0 || this.element !== null) this.#domain.ensure('os').replaceChildren('boot', specs);
  }

  get bootMenu(): boolean {
    return this.#domain.get('os/bootmenu/@enable') === 'yes';
  }

  set bootMenu(enabled: boolean) {
    this.#domain.set('os/bootmenu/@enable', enabled);
  }

  get kernel(): string | null {
    return this.#domain.get('os/kernel');
  }

  set kernel(path: string | null) {
    this.#domain.set('os/kernel', path);
  }

  get initrd(): string | null {
    return this.#domain.get('os/initrd');
  }

  set initrd(path: string | null) {
    this.#domain.set('os/initrd', path);
  }

  get kernelArguments(): string | null {
    return this.#domain.get('os/cmdline');
  }

  set kernelArguments(value: string | null) {
    this.#domain.set('os/cmdline', value);
  }
}
