import type { HardwareSet } from '@limen/contract';
import type { DomainXml, Filesystem } from 'node-libvirt';

type Devices = Pick<
  HardwareSet,
  'tpm' | 'video' | 'graphics' | 'sound' | 'rng' | 'watchdog' | 'serialPorts' | 'sharedFolders'
>;

/** Of devices that there is mostly one of, the first. */
export function describeDevices({ devices }: DomainXml): Devices {
  const [tpm] = devices.tpms;
  const [video] = devices.videos;
  const [sound] = devices.sounds;
  const [watchdog] = devices.watchdogs;
  return {
    tpm:
      tpm === undefined
        ? null
        : { model: tpm.model ?? '', version: tpm.version, emulated: tpm.backend === 'emulator' },
    video: video === undefined ? null : { model: video.model ?? '', heads: video.heads ?? 1 },
    graphics: devices.graphics.map(({ type }) => type ?? ''),
    sound: sound?.model ?? null,
    rng: devices.randomGenerators.length > 0,
    watchdog:
      watchdog === undefined ? null : { model: watchdog.model ?? '', action: watchdog.action ?? 'reset' },
    serialPorts: devices.serials.map(({ targetPort, type }, index) => ({
      port: targetPort ?? index,
      type: type ?? '',
    })),
    sharedFolders: devices.filesystems.filter(isShared).map((folder) => ({
      tag: folder.target ?? '',
      path: folder.sourceDirectory ?? '',
      driver: folder.driver === 'virtiofs' ? 'virtiofs' : '9p',
      readonly: folder.readonly,
    })),
  };
}

/** A folder of the host, rather than a disk image or memory that containers mount. */
export function isShared({ type, target, sourceDirectory }: Filesystem): boolean {
  return type === 'mount' && target !== null && sourceDirectory !== null;
}
