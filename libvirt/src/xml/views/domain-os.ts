import { integer, ownText, text, yesNo } from '../fields/field.ts';
import { withFields } from '../fields/field-view.ts';
import { entries, list, record, texts } from '../fields/structure.ts';
import { XmlView } from './xml-view.ts';

const fields = {
  /** `hvm` for a full machine. */
  type: text<'hvm'>('os/type'),
  architecture: text('os/type/@arch'),
  machine: text('os/type/@machine'),
  /** When libvirt is to choose the image; null when it is given, or is the default. */
  firmware: text<'efi' | 'bios'>('os/@firmware'),
  /** What the chosen firmware must or must not have: `secure-boot`, `enrolled-keys`. */
  firmwareFeatures: list('os/firmware/feature', {
    name: text<'secure-boot' | 'enrolled-keys'>('@name'),
    enabled: yesNo('@enabled'),
  }),
  loader: record('os/loader', {
    path: ownText(),
    type: text<'pflash' | 'rom'>('@type'),
    readonly: yesNo('@readonly'),
    secure: yesNo('@secure'),
    /** Has no variables to keep. */
    stateless: yesNo('@stateless'),
    format: text<'raw' | 'qcow2'>('@format'),
  }),
  /** The UEFI variables: the machine's own file, and what it is copied from at first. */
  nvram: record('os/nvram', {
    path: ownText(),
    template: text('@template'),
    format: text<'raw' | 'qcow2'>('@format'),
    templateFormat: text<'raw' | 'qcow2'>('@templateFormat'),
  }),
  kernel: text('os/kernel'),
  initrd: text('os/initrd'),
  kernelArguments: text('os/cmdline'),
  deviceTree: text('os/dtb'),
  /** In the order tried. Empty when devices carry their own boot order. */
  bootDevices: texts('os/boot', '@dev'),
  /** `timeout` is how long it waits for a key, in milliseconds. */
  bootMenu: record('os/bootmenu', { enabled: yesNo('@enable'), timeout: integer('@timeout') }),
  /** Where the guest's SMBIOS tables come from: `host`, `sysinfo`, `emulate`. */
  smbios: text<'host' | 'sysinfo' | 'emulate'>('os/smbios/@mode'),
  biosSerial: yesNo('os/bios/@useserial'),
  /** Milliseconds until another start is tried; -1 never. */
  biosRebootTimeout: integer('os/bios/@rebootTimeout'),
};

/** How a domain boots. Its element is the domain's: `<os>` is made when something in it is set. */
export class DomainOs extends withFields(XmlView, fields) {
  /** Whether the guest starts under UEFI, however that was asked for. */
  get isUefi(): boolean {
    return this.firmware === null ? this.loader?.type === 'pflash' : this.firmware === 'efi';
  }

  /** Whether firmware is asked for that only starts what is signed. */
  get isSecureBoot(): boolean {
    const asked = this.firmwareFeatures.find(({ name }) => name === 'secure-boot');
    return asked?.enabled ?? this.loader?.secure ?? false;
  }

  /**
   * Ask libvirt for UEFI firmware. Secure boot with `enrolledKeys` starts what Microsoft signed; it needs a q35
   * machine and {@link DomainFeatures.smm}.
   */
  setUefi({ secureBoot, enrolledKeys = secureBoot }: { secureBoot: boolean; enrolledKeys?: boolean }): void {
    this.firmware = 'efi';
    this.loader = secureBoot ? { secure: true } : null;
    this.firmwareFeatures = [
      { name: 'enrolled-keys', enabled: enrolledKeys },
      { name: 'secure-boot', enabled: secureBoot },
    ];
  }
}

const sysinfo = {
  bios: entries('bios', 'entry'),
  system: entries('system', 'entry'),
  chassis: entries('chassis', 'entry'),
  oemStrings: texts('oemStrings/entry'),
};

/** What the guest reads in its SMBIOS tables, with {@link DomainOs.smbios} `sysinfo`. Its element is `<sysinfo>`. */
export class Sysinfo extends withFields(XmlView, sysinfo) {
  /** `smbios` or `fwcfg`. */
  get type(): string {
    return this.element.attribute('type') ?? '';
  }
}

/** How the guest keeps time. Its element is the domain's. */
export class DomainClock extends withFields(XmlView, {
  offset: text<'utc' | 'localtime' | 'timezone' | 'variable' | 'absolute'>('clock/@offset'),
  timezone: text('clock/@timezone'),
  /** Seconds, or `reset`. */
  adjustment: text('clock/@adjustment'),
  basis: text<'utc' | 'localtime'>('clock/@basis'),
  timers: list('clock/timer', {
    name: text<'platform' | 'hpet' | 'kvmclock' | 'pit' | 'rtc' | 'tsc' | 'hypervclock' | 'armvtimer'>(
      '@name',
    ),
    present: yesNo('@present'),
    tickPolicy: text<'delay' | 'catchup' | 'merge' | 'discard'>('@tickpolicy'),
    track: text<'boot' | 'guest' | 'wall' | 'realtime'>('@track'),
    mode: text<'auto' | 'native' | 'emulate' | 'paravirt' | 'smpsafe'>('@mode'),
    frequency: integer('@frequency'),
  }),
}) {}

/** Which power states the guest is offered. Its element is the domain's. */
export class DomainPm extends withFields(XmlView, {
  suspendToMem: yesNo('pm/suspend-to-mem/@enabled'),
  suspendToDisk: yesNo('pm/suspend-to-disk/@enabled'),
}) {}
