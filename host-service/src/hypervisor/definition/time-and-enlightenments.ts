import type { DomainXml } from 'node-libvirt';
import type { MachinePlan } from '../../ports/machine-editor.ts';

/**
 * As virt-install sets it: the ticks a busy host missed are made up for where the guest counts them (RTC) and
 * delayed where it does not, and no HPET, which costs much and is not needed.
 */
export function setClock(
  { clock }: DomainXml,
  plan: Pick<MachinePlan, 'clock' | 'hyperv' | 'accelerator'>,
): void {
  clock.offset = plan.clock;
  clock.timers = [
    { name: 'rtc', tickPolicy: 'catchup' },
    { name: 'pit', tickPolicy: 'delay' },
    { name: 'hpet', present: false },
    ...(plan.hyperv && plan.accelerator === 'kvm' ? [{ name: 'hypervclock', present: true } as const] : []),
  ];
}

/** What QEMU's documentation recommends for Windows ("Hyper-V Enlightenments"); all of it needs KVM. */
export function setHyperv({ features }: DomainXml): void {
  features.hypervRelaxed = true;
  features.hypervVapic = true;
  features.hypervSpinlocks = true;
  features.hypervSpinlockRetries = 8191;
  features.hypervVpindex = true;
  features.hypervRuntime = true;
  features.hypervSynic = true;
  features.hypervStimer = true;
  features.hypervFrequencies = true;
  features.hypervTlbflush = true;
  features.hypervIpi = true;
}
