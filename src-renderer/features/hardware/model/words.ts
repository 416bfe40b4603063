import {
  type Hardware,
  type HardwareDisk,
  type HardwareEdit,
  type HardwareInterface,
  type ImageId,
  type MachineNetwork,
  watchdogAction,
} from '@limen/contract';
import { formatBytes, formatNumber } from '../../../lib/format.ts';
import type { Translate } from '../../../locales/i18n.ts';
import { isDeviceEdit, partOf } from './device-edits.ts';
import { type Device, devicesWithoutForm, diskId, interfaceId } from './devices.ts';
import { type Difference, portName, type Value } from './differences.ts';
import { effectOf } from './preview.ts';

/** What it takes to speak of hardware in the person's language. */
export interface Speech {
  readonly t: Translate;
  readonly language: string;
  readonly imageName: (id: ImageId) => string | undefined;
  /** Whether the disk of that target takes media. */
  readonly isDrive: (target: string) => boolean;
}

/** What a device is called in the list and in sentences. */
export function deviceName(deviceId: string, { t, isDrive }: Speech): string {
  const [kind = '', name = ''] = deviceId.split('/');
  switch (kind) {
    case 'disk':
      return t(isDrive(name) ? 'hardware:device.driveNamed' : 'hardware:device.diskNamed', { name });
    case 'interface':
      return t('hardware:device.interfaceNamed', { name });
    case 'cpu':
    case 'memory':
    case 'boot':
    case 'firmware':
    case 'screen':
    case 'services':
    case 'serial':
    case 'folders':
    case 'others':
    case 'definition':
      return t(`hardware:device.${kind}`);
    case 'add-disk':
      return t('hardware:device.newDisk');
    case 'add-drive':
      return t('hardware:device.newDrive');
    default:
      return t('hardware:device.newInterface');
  }
}

export function valueText(shown: Value, { t, language }: Speech): string {
  const none = t('common:none');
  switch (shown.as) {
    case 'number':
      return formatNumber(shown.value, language);
    case 'bytes':
      return shown.value === null ? t('common:unknown') : formatBytes(shown.value, language);
    case 'text':
      return shown.value ?? none;
    case 'medium':
      return shown.value === null ? t('hardware:drive.empty') : fileName(shown.value);
    case 'switch':
      return shown.value ? t('hardware:on') : t('hardware:off');
    case 'present':
      return shown.value ? t('hardware:present') : t('hardware:absent');
    case 'mode':
      return t(`hardware:cpu.modes.${shown.value ?? 'default'}`);
    case 'topology':
      return shown.value === null
        ? t('hardware:cpu.noTopology')
        : t('hardware:cpu.topologyValue', shown.value);
    case 'cache':
      return t(`hardware:disk.caches.${shown.value}`);
    case 'discard':
      return t(`hardware:disk.discards.${shown.value}`);
    case 'limits': {
      const { readBytesPerSecond: read, writeBytesPerSecond: write } = shown.value;
      const { readOperationsPerSecond: reads, writeOperationsPerSecond: writes } = shown.value;
      if (read + write + reads + writes === 0) return t('hardware:unlimited');
      const bytes = (value: number) => (value === 0 ? '∞' : `${formatBytes(value, language)}/s`);
      const operations = (value: number) => (value === 0 ? '∞' : `${formatNumber(value, language)} IOPS`);
      return `${bytes(read)} / ${bytes(write)}, ${operations(reads)} / ${operations(writes)}`;
    }
    case 'bandwidth': {
      const { inboundBytesPerSecond: inbound, outboundBytesPerSecond: outbound } = shown.value;
      if (inbound === null && outbound === null) return t('hardware:unlimited');
      const rate = (value: number | null) => (value === null ? '∞' : `${formatBytes(value, language)}/s`);
      return `${rate(inbound)} / ${rate(outbound)}`;
    }
    case 'action':
      return shown.value === null ? none : actionText(shown.value, t);
    case 'order':
      return shown.value.length === 0 ? none : shown.value.join(', ');
  }
}

/** "Maximum memory 2 GiB → 4 GiB"; what only comes or goes says so. */
export function differenceText({ field, before, after }: Difference, speech: Speech): string {
  const { t } = speech;
  if (field === 'present') return after.value === true ? t('hardware:appears') : t('hardware:disappears');
  if (field === 'others') return t('hardware:othersDiffer');
  return t('hardware:change', {
    field: t(`hardware:field.${field}`),
    before: valueText(before, speech),
    after: valueText(after, speech),
  });
}

/** Of which device of the list a change is. */
export function editDeviceId(key: string, edit: HardwareEdit): string {
  if (isDeviceEdit(edit)) return partOf(edit);
  switch (edit.type) {
    case 'set-vcpus':
    case 'set-cpu':
      return 'cpu';
    case 'set-memory':
      return 'memory';
    case 'set-boot-order':
      return 'boot';
    case 'update-disk':
    case 'grow-disk':
    case 'remove-disk':
    case 'change-media':
      return diskId(edit.target);
    case 'update-interface':
    case 'remove-interface':
      return interfaceId(edit.mac);
    case 'add-disk':
    case 'add-drive':
    case 'add-interface':
      return key;
  }
}

/** What a change will do, as half a sentence that follows the name of its device. */
export function editText(edit: HardwareEdit, hardware: Hardware, speech: Speech): string {
  const { t, language, imageName } = speech;
  const nameOf = (id: ImageId) => imageName(id) ?? t('common:unknown');
  switch (edit.type) {
    case 'add-disk':
      switch (edit.source.type) {
        case 'new':
          return t('hardware:edit.addNew', {
            size: formatBytes(edit.source.sizeBytes, language),
            bus: edit.bus,
          });
        case 'attach':
          return t('hardware:edit.addAttached', { path: edit.source.path, bus: edit.bus });
      }
    // oxlint-disable-next-line no-fallthrough -- every source returns
    case 'add-drive':
      return edit.imageId === null
        ? t('hardware:edit.addDrive', { bus: edit.bus })
        : t('hardware:edit.addDriveWith', { bus: edit.bus, image: nameOf(edit.imageId) });
    case 'remove-disk': {
      const disk = hardware.stored.disks.find(({ target }) => target === edit.target);
      return edit.deleteFile
        ? t('hardware:edit.detachAndDelete', { file: disk?.source ?? '' })
        : t('hardware:edit.detach');
    }
    case 'change-media':
      return edit.imageId === null
        ? t('hardware:edit.eject')
        : t('hardware:edit.insert', { image: nameOf(edit.imageId) });
    case 'add-interface':
      return t('hardware:edit.addInterface', { network: networkName(edit.network, t), model: edit.model });
    case 'remove-interface':
      return t('hardware:edit.unplug');
    case 'reset-nvram':
      return t('hardware:edit.resetNvram');
    case 'add-folder':
      return t('hardware:edit.addFolder', { path: edit.path, tag: edit.tag, driver: edit.driver });
    case 'remove-folder':
      return t('hardware:edit.removeFolder', { tag: edit.tag });
    case 'add-serial':
      return t('hardware:edit.addSerial');
    case 'remove-serial':
      return t('hardware:edit.removeSerial', { port: portName(edit) });
    case 'set-firmware':
    case 'set-tpm':
    case 'set-video':
    case 'set-sound':
    case 'set-rng':
    case 'set-watchdog':
    case 'set-vcpus':
    case 'set-cpu':
    case 'set-memory':
    case 'update-disk':
    case 'grow-disk':
    case 'update-interface':
    case 'set-boot-order': {
      const words = effectOf(edit, hardware).map((difference) => differenceText(difference, speech));
      if (edit.type === 'update-interface' && edit.newMac !== undefined) {
        words.push(
          t('hardware:change', { field: t('hardware:field.mac'), before: edit.mac, after: edit.newMac }),
        );
      }
      return words.join(' · ');
    }
  }
}

/** A model of the definition's own may have an action of which we know no word. */
function actionText(action: string, t: Translate): string {
  const known = watchdogAction.safeParse(action);
  return known.success ? t(`hardware:services.actions.${known.data}`) : action;
}

export function networkName(network: MachineNetwork, t: Translate): string {
  return 'name' in network ? network.name : t(`create:network.${network.type}`);
}

/** The second line of a device in the list. */
export function deviceSummary(device: Device, hardware: Hardware, speech: Speech): string {
  const { t, language } = speech;
  const { stored } = hardware;
  switch (device.kind) {
    case 'cpu':
      return t('hardware:summary.cpu', { count: stored.vcpus.current });
    case 'memory':
      return formatBytes(stored.memory.currentBytes, language);
    case 'disk':
      return diskSummary(device.stored ?? device.live, speech);
    case 'drive': {
      const source = (device.stored ?? device.live)?.source ?? null;
      return source === null ? t('hardware:drive.empty') : mediumName(device.stored ?? device.live, speech);
    }
    case 'interface':
      return interfaceSummary(device.stored ?? device.live, t);
    case 'boot': {
      const order = [...stored.disks, ...stored.interfaces].filter(
        (entry) => entry.bootOrder !== null,
      ).length;
      return t('hardware:summary.boot', { count: order });
    }
    case 'firmware':
      return `${stored.firmware.type.toUpperCase()} · ${stored.chipset}`;
    case 'screen':
      return [stored.video?.model ?? t('common:none'), ...(stored.sound === null ? [] : [stored.sound])].join(
        ' · ',
      );
    case 'services':
      return (
        [
          ...(stored.rng ? [t('hardware:field.rng')] : []),
          ...(stored.watchdog === null ? [] : [t('hardware:field.watchdog')]),
        ].join(' · ') || t('common:none')
      );
    case 'serial':
      return stored.serialPorts.length === 0
        ? t('common:none')
        : stored.serialPorts.map(({ port }) => `ttyS${port}`).join(', ');
    case 'folders':
      return stored.sharedFolders.map(({ tag }) => tag).join(', ') || t('common:none');
    case 'others':
      return t('hardware:summary.others', { count: devicesWithoutForm(stored).length });
    case 'definition':
      return 'XML';
    case 'added':
      return editText(device.edit, hardware, speech);
  }
}

function diskSummary(disk: HardwareDisk | undefined, { language }: Speech): string {
  if (!disk) return '';
  return disk.capacityBytes === null
    ? disk.bus
    : `${formatBytes(disk.capacityBytes, language)} · ${disk.bus}`;
}

function interfaceSummary(card: HardwareInterface | undefined, t: Translate): string {
  if (!card) return '';
  const network = card.source ?? (card.type === 'user' ? t('create:network.user') : card.type);
  return card.model === null ? network : `${network} · ${card.model}`;
}

/** What is in a drive: the library's name for it, else the file's. */
export function mediumName(disk: HardwareDisk | undefined, { imageName }: Speech): string {
  const named = disk?.imageId ? imageName(disk.imageId) : undefined;
  return named ?? fileName(disk?.source ?? '');
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
