import { readFile } from 'node:fs/promises';
import { type CreationOptions, LimenError, type Offer } from '@limen/contract';
import type { HypervisorOffers } from '../../ports/machine-editor.ts';

export type HostOffers = CreationOptions['offers'];

type Packages = Readonly<Record<'qemu' | 'uefi' | 'tpm' | 'guests', readonly string[]>>;

const debian: Packages = {
  qemu: ['qemu-system-x86'],
  uefi: ['ovmf'],
  tpm: ['swtpm', 'swtpm-tools'],
  guests: ['guestfs-tools'],
};
const fedora: Packages = {
  qemu: ['qemu-kvm'],
  uefi: ['edk2-ovmf'],
  tpm: ['swtpm', 'swtpm-tools'],
  guests: ['guestfs-tools'],
};
const arch: Packages = {
  qemu: ['qemu-base'],
  uefi: ['edk2-ovmf'],
  tpm: ['swtpm'],
  guests: ['guestfs-tools'],
};
const suse: Packages = {
  qemu: ['qemu-kvm'],
  uefi: ['qemu-ovmf-x86_64'],
  tpm: ['swtpm'],
  guests: ['guestfs-tools'],
};
const alpine: Packages = {
  qemu: ['qemu-system-x86_64'],
  uefi: ['ovmf'],
  tpm: ['swtpm'],
  guests: ['guestfs-tools'],
};

/** By `ID` and `ID_LIKE` of os-release(5). */
const distributions: Readonly<Record<string, Packages>> = {
  debian,
  ubuntu: debian,
  fedora,
  rhel: fedora,
  centos: fedora,
  arch,
  suse,
  opensuse: suse,
  alpine,
};

/** What a host of this distribution (the text of its os-release) offers, and what to install for the rest. */
export function hostOffers(offers: HypervisorOffers, osRelease: string): HostOffers {
  const packages = packagesOf(osRelease);
  const runs = offers.chipsets.length > 0;
  return {
    // With QEMU there, no package brings what the processor or its firmware denies.
    kvm: { available: offers.kvm, packages: runs ? [] : [...packages.qemu] },
    bios: offer(runs, 'not-in-qemu', packages.qemu),
    uefi: offer(offers.uefi, 'no-firmware', packages.uefi),
    secureBoot: offer(offers.secureBoot, 'no-firmware', packages.uefi),
    tpm: offer(offers.tpm, 'no-swtpm', packages.tpm),
  };
}

/** Whether systems can be generalised, and what to install when not. */
export function cleaningOffer(
  isInstalled: boolean,
  osRelease: string,
): NonNullable<HostOffers['generalise']> {
  return { available: isInstalled, packages: isInstalled ? [] : [...packagesOf(osRelease).guests] };
}

/** Empty where there is none. */
export function readOsRelease(): Promise<string> {
  return readFile('/etc/os-release', 'utf8').catch(() => '');
}

export function refusal(feature: string, packages: readonly string[]): LimenError<'UNSUPPORTED'> {
  return new LimenError('UNSUPPORTED', { feature, packages: [...packages] });
}

function offer(available: boolean, reason: Offer['reason'], packages: readonly string[]): Offer {
  return available
    ? { available, reason: null, packages: [] }
    : { available, reason, packages: [...packages] };
}

function packagesOf(osRelease: string): Packages {
  const values = (key: string) =>
    new RegExp(`^${key}=["']?([^"'\n]*)`, 'm').exec(osRelease)?.[1]?.split(/\s+/) ?? [];
  const known = [...values('ID'), ...values('ID_LIKE')].find((id) => Object.hasOwn(distributions, id));
  return distributions[known ?? ''] ?? { qemu: [], uefi: [], tpm: [], guests: [] };
}
