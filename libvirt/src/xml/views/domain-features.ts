import { feature, integer, onOff, present, size, text } from '../fields/field.ts';
import { withFields } from '../fields/field-view.ts';
import { XmlView } from './xml-view.ts';

const hyperv = (name: string) => feature(`features/hyperv/${name}`);

/**
 * What a guest's platform can do. Its element is the domain's; null means that the definition leaves it to libvirt.
 * The names of Hyper-V's enlightenments and KVM's are libvirt's.
 */
export class DomainFeatures extends withFields(XmlView, {
  acpi: present('features/acpi'),
  apic: present('features/apic'),
  apicEoi: onOff('features/apic/@eoi'),
  pae: present('features/pae'),
  hap: feature('features/hap'),
  viridian: present('features/viridian'),
  privnet: present('features/privnet'),
  pmu: feature('features/pmu'),
  pvspinlock: feature('features/pvspinlock'),
  /** VMware's port; Windows and macOS guests measure time by it. */
  vmport: feature('features/vmport'),
  vmcoreinfo: feature('features/vmcoreinfo'),
  /** System management mode; secure boot needs it. */
  smm: feature('features/smm'),
  /** Of the memory SMM keeps. */
  smmTseg: size('features/smm/tseg', 'MiB'),
  ps2: feature('features/ps2'),
  ioapic: text<'kvm' | 'qemu'>('features/ioapic/@driver'),
  gicVersion: text<'2' | '3' | 'host'>('features/gic/@version'),
  /** Bytes of translated code QEMU keeps when it emulates. */
  tcgTbCache: size('features/tcg/tb-cache', 'MiB'),
  kvmHidden: feature('features/kvm/hidden'),
  kvmHintDedicated: feature('features/kvm/hint-dedicated'),
  kvmPollControl: feature('features/kvm/poll-control'),
  kvmPvIpi: feature('features/kvm/pv-ipi'),
  /** `custom`, or `passthrough` for all that the host has. */
  hypervMode: text<'custom' | 'passthrough'>('features/hyperv/@mode'),
  hypervRelaxed: hyperv('relaxed'),
  hypervVapic: hyperv('vapic'),
  hypervSpinlocks: hyperv('spinlocks'),
  /** At least 4095. */
  hypervSpinlockRetries: integer('features/hyperv/spinlocks/@retries'),
  hypervVpindex: hyperv('vpindex'),
  hypervRuntime: hyperv('runtime'),
  hypervSynic: hyperv('synic'),
  hypervStimer: hyperv('stimer'),
  hypervStimerDirect: feature('features/hyperv/stimer/direct'),
  hypervReset: hyperv('reset'),
  hypervVendorId: hyperv('vendor_id'),
  hypervVendorIdValue: text('features/hyperv/vendor_id/@value'),
  hypervFrequencies: hyperv('frequencies'),
  hypervReenlightenment: hyperv('reenlightenment'),
  hypervTlbflush: hyperv('tlbflush'),
  hypervIpi: hyperv('ipi'),
  hypervEvmcs: hyperv('evmcs'),
  hypervAvic: hyperv('avic'),
  hypervEmsrBitmap: hyperv('emsr_bitmap'),
  hypervXmmInput: hyperv('xmm_input'),
}) {}
