import type { CreationOptions, Image, Preset } from '@limen/contract';
import { networkKey } from '../../lib/network-key.ts';
import type { CreateValues, HardwareValues } from './form-values.ts';

const GIB = 2 ** 30;

/** The same image on two hosts has the same key: by its digest, or by what it is called and how big it is. */
export function imageKey(image: Pick<Image, 'sha256' | 'name' | 'kind' | 'virtualBytes'>): string {
  return image.sha256 ?? `${image.kind}/${image.name}/${image.virtualBytes}`;
}

/**
 * The preset an image asks for: its label, or else the first whose file name pattern fits. Patterns that are no
 * regular expression are passed over: they are data from a host.
 */
export function suggestPreset(
  image: Pick<Image, 'presetId' | 'path' | 'name'>,
  presets: readonly Preset[],
): Preset | undefined {
  const labelled = presets.find((preset) => preset.id === image.presetId);
  if (labelled) return labelled;
  const fileName = image.path.slice(image.path.lastIndexOf('/') + 1);
  return presets.find((preset) =>
    preset.fileNames.some((pattern) => {
      const expression = tryPattern(pattern);
      return expression !== undefined && (expression.test(fileName) || expression.test(image.name));
    }),
  );
}

function tryPattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'i');
  } catch {
    return undefined;
  }
}

/** Where nothing better is known: the plainest preset there is. */
export function fallbackPreset(presets: readonly Preset[]): Preset | undefined {
  return (
    presets.find((preset) => preset.id === 'linux') ??
    presets.find((preset) => preset.family === 'other') ??
    presets[0]
  );
}

/** The hardware a preset wants, less what the host cannot give: a machine that starts beats one that is refused. */
export function hardwareDefaults(preset: Preset, options: CreationOptions | undefined): HardwareValues {
  const wanted: HardwareValues = {
    firmware: preset.firmware,
    secureBoot: preset.secureBoot,
    tpm: preset.tpm,
    chipset: preset.chipset,
    diskBus: preset.diskBus,
    interfaceModel: preset.interfaceModel,
    videoModel: preset.videoModel,
  };
  if (!options) return wanted;
  const { offers } = options;
  const firmware = !offers[wanted.firmware].available && offers.bios.available ? 'bios' : wanted.firmware;
  return {
    ...wanted,
    firmware,
    secureBoot: wanted.secureBoot && firmware === 'uefi' && offers.secureBoot.available,
    tpm: wanted.tpm && offers.tpm.available,
    chipset: firstOffered(wanted.chipset, options.chipsets),
    diskBus: firstOffered(wanted.diskBus, options.diskBuses),
    videoModel: firstOffered(wanted.videoModel, options.videoModels),
  };
}

function firstOffered<T>(wanted: T, offered: readonly T[]): T {
  return offered.includes(wanted) ? wanted : (offered[0] ?? wanted);
}

/** The least the first disk may be: an image is grown, never shrunk. */
export function minimumDisk(
  preset: Preset | undefined,
  image: Image | undefined,
  tab: CreateValues['tab'],
): number {
  const content = image && tab !== 'iso' ? image.virtualBytes : 0;
  return Math.max(preset?.minimum.diskBytes ?? 0, content, GIB / 1024);
}

/** Sizes of a new machine: the preset's recommendation, and never less than the image holds. */
export function sizeDefaults(
  preset: Preset,
  image: Image | undefined,
  tab: CreateValues['tab'],
): Pick<CreateValues, 'vcpus' | 'memoryBytes' | 'diskBytes'> {
  return {
    vcpus: preset.recommended.vcpus,
    memoryBytes: preset.recommended.memoryBytes,
    diskBytes: Math.max(preset.recommended.diskBytes, minimumDisk(preset, image, tab)),
  };
}

/** The network new machines get: the active one called `default`, any active one, or QEMU's own. */
export function defaultNetwork(options: CreationOptions | undefined): string {
  const networks = options?.networks ?? [];
  const active = networks.filter((network) => network.active);
  const chosen = active.find((network) => network.name === 'default') ?? active[0];
  return chosen ? networkKey(chosen) : 'user';
}
