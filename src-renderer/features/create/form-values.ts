import type {
  DiskBus,
  Firmware,
  HostLinkId,
  ImageId,
  InterfaceModel,
  MachineChipset,
  NewMachineInput,
  Preset,
  UserId,
  VideoModel,
} from '@limen/contract';
import { parseNetworkKey } from '../../lib/network-key.ts';

/** The five ways to get a machine, as the page offers them. */
export const sourceTabs = ['iso', 'cloud', 'template', 'disk', 'empty'] as const;
export type SourceTab = (typeof sourceTabs)[number];

/** What the guest is told at its first boot; lists as people type them, one entry a line. */
export interface GuestValues {
  readonly hostname: string;
  readonly user: string;
  readonly password: string;
  readonly sshKeys: string;
  readonly packages: string[];
  readonly runCommands: string;
  readonly addressing: 'dhcp' | 'static';
  readonly address: string;
  readonly gateway: string;
  readonly nameservers: string;
  /** The person writes the user-data; the fields above but the network are then not used. */
  readonly raw: boolean;
  readonly userData: string;
}

/** Complete, unlike the contract's overrides: what differs from the preset is found when the wish is made. */
export interface HardwareValues {
  readonly firmware: Firmware;
  readonly secureBoot: boolean;
  readonly tpm: boolean;
  readonly chipset: MachineChipset;
  readonly diskBus: DiskBus;
  readonly interfaceModel: InterfaceModel;
  readonly videoModel: VideoModel;
}

/** Everything the page asks. Numbers are `''` while their field is empty, as Mantine has it. */
export interface CreateValues {
  /** `auto`: where it fits. */
  readonly host: HostLinkId | 'auto';
  readonly tab: SourceTab;
  /** Names an image whichever host it lies on: {@link imageKey}. */
  readonly image: string | null;
  readonly templateMode: 'linked' | 'full';
  readonly diskMode: 'copy' | 'attach';
  readonly path: string;
  readonly presetId: string;
  readonly name: string;
  readonly count: number | string;
  readonly firstNumber: number | string;
  readonly vcpus: number | string;
  readonly memoryBytes: number | string;
  readonly diskBytes: number | string;
  /** See {@link networkKey}. */
  readonly network: string;
  /** Cloud images always are; a template only when asked. */
  readonly setUpTemplate: boolean;
  readonly guest: GuestValues;
  readonly hardware: HardwareValues;
  readonly autostart: boolean;
  readonly startAfterCreation: boolean;
  readonly ownerId: UserId | null;
  readonly tags: string[];
  readonly description: string;
}

export const emptyGuest: GuestValues = {
  hostname: '',
  user: '',
  password: '',
  sshKeys: '',
  packages: [],
  runCommands: '',
  addressing: 'dhcp',
  address: '',
  gateway: '',
  nameservers: '',
  raw: false,
  userData: '#cloud-config\n',
};

export const initialValues: CreateValues = {
  host: 'auto',
  tab: 'cloud',
  image: null,
  templateMode: 'linked',
  diskMode: 'copy',
  path: '',
  presetId: '',
  name: '',
  count: 1,
  firstNumber: 1,
  vcpus: 2,
  memoryBytes: 2 * 2 ** 30,
  diskBytes: 20 * 2 ** 30,
  network: 'network:default',
  setUpTemplate: false,
  guest: emptyGuest,
  hardware: {
    firmware: 'uefi',
    secureBoot: false,
    tpm: false,
    chipset: 'q35',
    diskBus: 'virtio',
    interfaceModel: 'virtio',
    videoModel: 'virtio',
  },
  autostart: false,
  startAfterCreation: true,
  ownerId: null,
  tags: [],
  description: '',
};

/** Whether the machine reads a cloud-init seed at its first boot. */
export function hasGuestSetup(values: CreateValues): boolean {
  return values.tab === 'cloud' || (values.tab === 'template' && values.setUpTemplate);
}

/** Whether the first disk is made from an image of the library. */
export function needsImage(values: CreateValues): boolean {
  return values.tab !== 'empty' && !(values.tab === 'disk' && values.diskMode === 'attach');
}

/** The wish as the contract has it; not yet checked. `imageId` is the chosen image on the chosen host. */
export function toNewMachine(
  values: CreateValues,
  preset: Preset | undefined,
  imageId: ImageId | null,
): NewMachineInput {
  return {
    source: toSource(values, imageId),
    name: values.name,
    count: Number(values.count),
    firstNumber: Number(values.firstNumber),
    presetId: values.presetId,
    description: values.description,
    tags: [...values.tags],
    vcpus: Number(values.vcpus),
    memoryBytes: Number(values.memoryBytes),
    diskBytes: Number(values.diskBytes),
    network: parseNetworkKey(values.network),
    hardware: preset ? overridesOf(values.hardware, preset) : values.hardware,
    autostart: values.autostart,
    startAfterCreation: values.startAfterCreation,
    ...(values.ownerId !== null && { ownerId: values.ownerId }),
  };
}

function overridesOf(hardware: HardwareValues, preset: Preset): Partial<HardwareValues> {
  return Object.fromEntries(
    Object.entries(hardware).filter(([key, value]) => preset[key as keyof HardwareValues] !== value),
  );
}

type Source = NewMachineInput['source'];

function toSource(values: CreateValues, imageId: ImageId | null): Source {
  // An image that was not chosen is no id: the contract's own check reports it at the right field.
  const chosen = imageId ?? ('' as ImageId);
  switch (values.tab) {
    case 'iso':
      return { type: 'iso', imageId: chosen };
    case 'cloud':
      return { type: 'cloud', imageId: chosen, cloudInit: toCloudInit(values.guest) };
    case 'template':
      return {
        type: 'template',
        imageId: chosen,
        mode: values.templateMode,
        ...(values.setUpTemplate && { cloudInit: toCloudInit(values.guest) }),
      };
    case 'disk':
      return values.diskMode === 'attach'
        ? { type: 'attach', path: values.path.trim() }
        : { type: 'copy', imageId: chosen };
    case 'empty':
      return { type: 'empty' };
  }
}

function toCloudInit(guest: GuestValues): Extract<Source, { type: 'cloud' }>['cloudInit'] {
  const network =
    guest.addressing === 'dhcp'
      ? ({ type: 'dhcp' } as const)
      : {
          type: 'static' as const,
          address: guest.address.trim(),
          ...optional('gateway', guest.gateway),
          nameservers: words(guest.nameservers),
        };
  if (guest.raw) {
    return { sshKeys: [], packages: [], runCommands: [], network, userData: guest.userData };
  }
  return {
    ...optional('hostname', guest.hostname),
    ...optional('user', guest.user),
    ...(guest.password !== '' && { password: guest.password }),
    sshKeys: lines(guest.sshKeys),
    packages: [...guest.packages],
    runCommands: lines(guest.runCommands),
    network,
  };
}

function optional<K extends string>(key: K, text: string): { [P in K]?: string } {
  const trimmed = text.trim();
  return trimmed === '' ? {} : ({ [key]: trimmed } as { [P in K]?: string });
}

/** Lines that say something. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
