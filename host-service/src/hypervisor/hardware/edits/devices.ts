import { LimenError } from '@limen/contract';
import {
  CharacterDevice,
  type Device,
  type DomainXml,
  Filesystem,
  RandomGenerator,
  Sound,
  Tpm,
  Video,
  Watchdog,
} from 'node-libvirt';
import type { HardwareChange } from '../../../ports/machine-hardware.ts';
import { isShared } from '../describe-devices.ts';
import { invalid } from './refusals.ts';

type Change<T extends HardwareChange['type']> = Extract<HardwareChange, { readonly type: T }>;

/** UEFI with the variables at `nvramPath`, which libvirt fills at the next start, or the BIOS, which keeps none. */
export function setFirmware(domain: DomainXml, change: Change<'set-firmware'>): void {
  const { firmware, secureBoot, nvramPath } = change;
  const { os } = domain;
  if (secureBoot && firmware !== 'uefi') throw invalid('secureBoot', 'needs UEFI');
  if (secureBoot && !isQ35(domain)) throw invalid('secureBoot', 'needs the chipset q35');
  if (os.isUefi === (firmware === 'uefi') && os.isSecureBoot === secureBoot) return;
  // Images and variables of the firmware it was; libvirt chooses those of the one it is.
  for (const path of ['os/loader', 'os/nvram', 'os/firmware']) domain.root.erase(path);
  os.firmware = null;
  if (firmware === 'uefi') {
    os.setUefi({ secureBoot });
    os.nvram = { path: nvramPath };
  }
  if (secureBoot) domain.features.smm = true;
}

export function setTpm(domain: DomainXml, { present }: Change<'set-tpm'>): void {
  const { tpms } = domain.devices;
  if (present === tpms.length > 0) return;
  // The newer interface came after the older chipset.
  replaceFirst(domain, tpms, present ? Tpm.create({ model: isQ35(domain) ? 'tpm-crb' : 'tpm-tis' }) : null);
}

export function setVideo(domain: DomainXml, { model, heads }: Change<'set-video'>): void {
  if (heads > 1 && model !== 'virtio' && model !== 'qxl')
    throw invalid('heads', `${model} has one monitor only`);
  const [card] = domain.devices.videos;
  if (card?.model !== model) replaceFirst(domain, domain.devices.videos, Video.create({ model, heads }));
  else if ((card.heads ?? 1) !== heads) card.heads = heads;
}

export function setSound(domain: DomainXml, { model }: Change<'set-sound'>): void {
  const { sounds } = domain.devices;
  if ((sounds[0]?.model ?? null) === model) return;
  replaceFirst(domain, sounds, model === null ? null : Sound.create({ model }));
}

export function newRng(): RandomGenerator {
  return RandomGenerator.create({ model: 'virtio', backend: { model: 'random', device: '/dev/urandom' } });
}

export function setRng(domain: DomainXml, { present }: Change<'set-rng'>): void {
  const { randomGenerators } = domain.devices;
  if (present === randomGenerators.length > 0) return;
  replaceFirst(domain, randomGenerators, present ? newRng() : null);
}

export function setWatchdog(domain: DomainXml, { model, action }: Change<'set-watchdog'>): void {
  const { watchdogs } = domain.devices;
  const [dog] = watchdogs;
  if (model === 'itco' && !isQ35(domain)) throw invalid('model', 'itco is a part of the chipset q35');
  if (dog !== undefined && dog.model === model) dog.action = action;
  else replaceFirst(domain, watchdogs, model === null ? null : Watchdog.create({ model, action }));
}

/** QEMU has four of the kind that systems start with. */
const SERIAL_PORTS = 4;

export function addSerial(domain: DomainXml): void {
  const taken = new Set(serialPorts(domain).map(({ port }) => port));
  const port = Array.from({ length: SERIAL_PORTS }, (_, at) => at).find((at) => !taken.has(at));
  if (port === undefined) throw invalid('type', `a machine has at most ${SERIAL_PORTS} serial ports`);
  domain.devices.add(CharacterDevice.create('serial', { type: 'pty', targetPort: port }));
}

export function removeSerial(domain: DomainXml, { port }: Change<'remove-serial'>): void {
  const found = serialPorts(domain).find((each) => each.port === port);
  if (found === undefined) throw new LimenError('NOT_FOUND', { kind: 'serial port', id: String(port) });
  found.serial.remove();
  // The console that is that port brings it back otherwise.
  for (const [index, console] of domain.devices.consoles.entries()) {
    if (console.targetType === 'serial' && (console.targetPort ?? index) === port) console.remove();
  }
}

function serialPorts({ devices }: DomainXml): { port: number; serial: CharacterDevice }[] {
  return devices.serials.map((serial, index) => ({ port: serial.targetPort ?? index, serial }));
}

export function addFolder(domain: DomainXml, change: Change<'add-folder'>): void {
  const { path, tag, driver, readonly } = change;
  if (domain.devices.filesystems.some(({ target }) => target === tag))
    throw invalid('tag', 'another folder of the machine has it');
  const shared = { type: 'mount', sourceDirectory: path, target: tag } as const;
  if (driver === '9p') {
    domain.devices.add(Filesystem.create({ ...shared, accessMode: 'mapped', readonly }));
    return;
  }
  // libvirt 9 has no read-only virtiofs: what it is told is not what the guest would find.
  if (readonly) throw invalid('readonly', 'virtiofs shares folders for reading and writing; use 9p');
  domain.devices.add(Filesystem.create({ ...shared, accessMode: 'passthrough', driver: 'virtiofs' }));
  const backing = domain.memoryBacking;
  // The process that serves it works in the guest's memory.
  if (backing?.access !== 'shared')
    domain.memoryBacking = { ...backing, source: backing?.source ?? 'memfd', access: 'shared' };
}

export function removeFolder(domain: DomainXml, { tag }: Change<'remove-folder'>): void {
  const folder = domain.devices.filesystems.find((each) => each.target === tag && isShared(each));
  if (folder === undefined) throw new LimenError('NOT_FOUND', { kind: 'folder', id: tag });
  folder.remove();
}

/** The first of a kind is what is shown and edited; there is seldom another. */
function replaceFirst(domain: DomainXml, present: readonly Device[], wanted: Device | null): void {
  present[0]?.remove();
  if (wanted !== null) domain.devices.add(wanted);
}

function isQ35({ os }: DomainXml): boolean {
  return /q35/.test(os.machine ?? '');
}
