import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type Accelerator,
  LimenError,
  type MachineId,
  type NewMachine,
  type Offer,
  type Preset,
} from '@limen/contract';
import type { HypervisorOffers, MachinePlan } from '../../ports/machine-editor.ts';
import { hostnameOf } from './cloud-init/seed-files.ts';
import { type HostOffers, refusal } from './offers.ts';

type Hardware = Pick<
  MachinePlan,
  | 'firmware'
  | 'secureBoot'
  | 'tpm'
  | 'chipset'
  | 'clock'
  | 'hyperv'
  | 'interfaceModel'
  | 'videoModel'
  | 'mediaBus'
> & { readonly diskBus: MachinePlan['disk']['bus'] };

/**
 * The preset's hardware with a wish's changes. Throws `INVALID_INPUT` for what cannot be together and `UNSUPPORTED`,
 * with the packages that would help, for what this host cannot do.
 */
export function planHardware(
  preset: Preset,
  wish: Pick<NewMachine, 'hardware'>,
  { machine, offers }: { readonly machine: HypervisorOffers; readonly offers: HostOffers },
): Hardware {
  const { hardware } = wish;
  const firmware = hardware.firmware ?? preset.firmware;
  const chipset = hardware.chipset ?? preset.chipset;
  const planned = {
    firmware,
    chipset,
    // A preset's Secure Boot goes with its UEFI; one that was asked for stands, and may be refused.
    secureBoot: hardware.secureBoot ?? (preset.secureBoot && firmware === 'uefi' && chipset === 'q35'),
    tpm: hardware.tpm ?? preset.tpm,
    diskBus: hardware.diskBus ?? fittingBus(preset, chipset),
    interfaceModel: hardware.interfaceModel ?? preset.interfaceModel,
    videoModel: hardware.videoModel ?? preset.videoModel,
    clock: preset.clock,
    hyperv: preset.hyperv,
  };
  checkTogether(planned);
  checkOffered(planned, machine, offers);
  return { ...planned, mediaBus: mediaBusOf(preset, planned) };
}

/** A preset's bus that the other chipset lacks becomes its counterpart. */
function fittingBus({ diskBus }: Preset, chipset: MachinePlan['chipset']): Hardware['diskBus'] {
  if (chipset === 'q35' && diskBus === 'ide') return 'sata';
  return diskBus;
}

function checkTogether({ firmware, secureBoot, chipset, diskBus }: Omit<Hardware, 'mediaBus'>): void {
  const wrong: [field: string, message: string][] = [];
  if (secureBoot && firmware !== 'uefi') wrong.push(['secureBoot', 'needs UEFI']);
  if (secureBoot && chipset !== 'q35') wrong.push(['secureBoot', 'needs the chipset q35']);
  if (diskBus === 'ide' && chipset === 'q35') wrong.push(['diskBus', 'q35 has no IDE; use SATA']);
  if (wrong.length === 0) return;
  const issues = wrong.map(([field, message]) => ({ path: ['hardware', field], message }));
  throw new LimenError('INVALID_INPUT', { issues });
}

function checkOffered(
  hardware: Omit<Hardware, 'mediaBus'>,
  machine: HypervisorOffers,
  offers: HostOffers,
): void {
  const needed: [feature: string, offer: Offer][] = [];
  if (hardware.firmware === 'uefi') needed.push(['UEFI', offers.uefi]);
  if (hardware.secureBoot) needed.push(['Secure Boot', offers.secureBoot]);
  if (hardware.tpm) needed.push(['TPM', offers.tpm]);
  for (const [feature, offer] of needed) if (!offer.available) throw refusal(feature, offer.packages);
  if (!machine.chipsets.includes(hardware.chipset)) throw refusal(`chipset ${hardware.chipset}`, []);
  if (!machine.videoModels.includes(hardware.videoModel)) throw refusal(`video ${hardware.videoModel}`, []);
  if (!machine.diskBuses.includes(hardware.diskBus)) throw refusal(`disk bus ${hardware.diskBus}`, []);
}

/** Kernels for clouds have no SATA; systems without virtio drivers have nothing else. */
function mediaBusOf(
  preset: Preset,
  { diskBus, chipset }: Omit<Hardware, 'mediaBus'>,
): MachinePlan['mediaBus'] {
  if (preset.family === 'linux' && (diskBus === 'virtio' || diskBus === 'scsi')) return 'scsi';
  return chipset === 'pc' ? 'ide' : 'sata';
}

/** Names of a machine's files: readable, and never another's, nor anything but a name. */
export function machineFile(directory: string, name: string, machineId: MachineId, ending: string): string {
  return join(directory, `${hostnameOf(name).slice(0, 40)}-${machineId.slice(0, 8)}${ending}`);
}

/** Locally administered, in the range QEMU's machines use. */
export function newMac(): string {
  return ['52', '54', '00', ...[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'))].join(
    ':',
  );
}

/** What new machines run on. */
export function acceleratorOf({ kvm }: HypervisorOffers): Accelerator {
  return kvm ? 'kvm' : 'tcg';
}
