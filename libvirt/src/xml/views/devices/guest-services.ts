import { integer, onOff, ownText, text, yesNo } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { record } from '../../fields/structure.ts';
import { Device, type NewDevice, newDevice } from './device.ts';

const watchdog = {
  model: text<'itco' | 'i6300esb' | 'ib700' | 'diag288'>('@model'),
  /** `reset`, `shutdown`, `poweroff`, `pause`, `none`, `dump`, `inject-nmi`. */
  action: text<'reset' | 'shutdown' | 'poweroff' | 'pause' | 'none' | 'dump' | 'inject-nmi'>('@action'),
};

export class Watchdog extends withFields(Device, watchdog) {
  static create(options: NewDevice<typeof watchdog, 'model'>): Watchdog {
    return newDevice(Watchdog, 'watchdog', watchdog, options);
  }
}

const rng = {
  model: text<'virtio' | 'virtio-transitional' | 'virtio-non-transitional'>('@model'),
  /** At most so many bytes in a period of milliseconds. */
  rate: record('rate', { bytes: integer('@bytes'), period: integer('@period') }),
  /** `random` reads the `device` (default `/dev/urandom`), `builtin` is QEMU's own. */
  backend: record('backend', { model: text<'random' | 'builtin' | 'egd'>('@model'), device: ownText() }),
};

export class RandomGenerator extends withFields(Device, rng) {
  static create(options: NewDevice<typeof rng, 'model' | 'backend'>): RandomGenerator {
    return newDevice(RandomGenerator, 'rng', rng, options);
  }
}

const memballoon = {
  model: text<'virtio' | 'none' | 'virtio-transitional' | 'virtio-non-transitional'>('@model'),
  /** Gives memory back before the guest runs out of it. */
  autodeflate: onOff('@autodeflate'),
  freePageReporting: onOff('@freePageReporting'),
  /** Seconds between two readings of the guest's memory statistics; null reads none. */
  statsPeriod: integer('stats/@period'),
};

export class MemoryBalloon extends withFields(Device, memballoon) {
  static create(options: NewDevice<typeof memballoon, 'model'>): MemoryBalloon {
    return newDevice(MemoryBalloon, 'memballoon', memballoon, options);
  }
}

const tpm = {
  model: text<'tpm-crb' | 'tpm-tis' | 'tpm-spapr'>('@model'),
  backend: text<'emulator' | 'passthrough' | 'external'>('backend/@type'),
  version: text<'2.0' | '1.2'>('backend/@version'),
  /** Whether a transient machine's state is kept. */
  persistentState: yesNo('backend/@persistent_state'),
  /** UUID of the secret its state is encrypted with. */
  encryptionSecret: text('backend/encryption/@secret'),
  /** The host's TPM, of `passthrough`. */
  device: text('backend/device/@path'),
};

export class Tpm extends withFields(Device, tpm) {
  /** An emulated TPM 2.0 unless said otherwise. */
  static create(options: NewDevice<typeof tpm, 'model'>): Tpm {
    const emulated = { backend: 'emulator', version: '2.0' } as const;
    return newDevice(Tpm, 'tpm', tpm, { ...(options.backend === undefined && emulated), ...options });
  }

  /** Banks of PCRs that are switched on: `sha256`, `sha384`, … */
  get activePcrBanks(): string[] {
    const banks = this.element.find('backend/active_pcr_banks')?.elements() ?? [];
    return banks.map(({ name }) => name);
  }

  set activePcrBanks(banks: readonly string[]) {
    this.element.find('backend/active_pcr_banks')?.remove();
    if (banks.length === 0) return;
    const parent = this.element.reach('backend/active_pcr_banks');
    for (const name of banks) parent.add({ name });
  }
}

const panic = {
  model: text<'isa' | 'pvpanic' | 'hyperv' | 'pseries' | 's390'>('@model'),
};

/** Lets libvirt know that the guest crashed. */
export class Panic extends withFields(Device, panic) {
  static create(options: NewDevice<typeof panic> = {}): Panic {
    return newDevice(Panic, 'panic', panic, options);
  }
}

const vsock = {
  model: text<'virtio' | 'virtio-transitional' | 'virtio-non-transitional'>('@model'),
  /** Whether libvirt chooses the guest's address. */
  autoCid: yesNo('cid/@auto'),
  /** From 3. */
  cid: integer('cid/@address'),
};

export class Vsock extends withFields(Device, vsock) {
  static create(options: NewDevice<typeof vsock> = {}): Vsock {
    const { model = 'virtio', autoCid = options.cid === undefined ? true : null } = options;
    return newDevice(Vsock, 'vsock', vsock, { ...options, model, autoCid });
  }
}

const crypto = {
  model: text<'virtio'>('@model'),
  type: text<'qemu'>('@type'),
  backend: text<'builtin' | 'lkcf'>('backend/@model'),
  queues: integer('backend/@queues'),
};

/** Since libvirt 9.1. */
export class CryptoDevice extends withFields(Device, crypto) {
  static create(options: NewDevice<typeof crypto> = {}): CryptoDevice {
    return newDevice(CryptoDevice, 'crypto', crypto, {
      model: 'virtio',
      type: 'qemu',
      backend: 'builtin',
      ...options,
    });
  }
}
