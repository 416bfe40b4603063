import type { DiskBus, MachineChipset, VideoModel } from '@limen/contract';
import { DomainCapabilitiesXml, LibvirtError, type LibvirtClient, procedures } from 'node-libvirt';
import type { Acceleration } from '../ports/hypervisor.ts';
import type { HypervisorOffers } from '../ports/machine-editor.ts';

/** libvirt may have to make QEMU tell what it can do, the first time. */
const PROBE = { timeoutMs: 60_000 };
const CHIPSETS: readonly MachineChipset[] = ['q35', 'pc'];
const DISK_BUSES: readonly DiskBus[] = ['virtio', 'scsi', 'sata', 'ide', 'usb'];
const VIDEO_MODELS: readonly VideoModel[] = ['virtio', 'vga', 'qxl', 'bochs', 'cirrus', 'vmvga'];

/** What libvirt says that machines of the accelerator in use can be made of, on this host's architecture. */
export async function readOffers(
  client: LibvirtClient,
  acceleration: Acceleration,
): Promise<HypervisorOffers> {
  const type = acceleration.chosen === 'kvm' ? 'kvm' : 'qemu';
  const found = await Promise.all(CHIPSETS.map((machine) => readCapabilities(client, type, machine)));
  const known = found.filter((capabilities) => capabilities !== null);
  const offers = (pick: (capabilities: DomainCapabilitiesXml) => readonly string[]) =>
    new Set(known.flatMap(pick));
  const buses = offers((capabilities) => capabilities.deviceValues('disk', 'bus'));
  const videos = offers((capabilities) => capabilities.deviceValues('video', 'modelType'));
  const modern = found[0] ?? null;
  const uefi = modern?.firmwares.includes('efi') ?? false;
  return {
    kvm: acceleration.chosen === 'kvm',
    uefi,
    secureBoot: uefi && modern !== null && secureLoader(modern),
    tpm: known.some((capabilities) => capabilities.deviceValues('tpm', 'backendModel').includes('emulator')),
    chipsets: CHIPSETS.filter((_chipset, index) => found[index] !== null),
    diskBuses: DISK_BUSES.filter((bus) => buses.has(bus)),
    videoModels: VIDEO_MODELS.filter((model) => videos.has(model)),
    maximumVcpus: Math.max(0, ...known.map(({ maxVcpus }) => maxVcpus ?? 0)),
  };
}

/** Null when there is no such machine type: distributions drop `pc`. */
async function readCapabilities(
  client: LibvirtClient,
  virtType: string,
  machine: string,
): Promise<DomainCapabilitiesXml | null> {
  try {
    const xml = await client.call(procedures.connect.getDomainCapabilities, { virtType, machine }, PROBE);
    return DomainCapabilitiesXml.parse(xml);
  } catch (error) {
    if (error instanceof LibvirtError) return null;
    throw error;
  }
}

/** Whether there is firmware that refuses what is not signed. */
function secureLoader(capabilities: DomainCapabilitiesXml): boolean {
  const loader = capabilities.root.find('os/loader');
  const secure = loader?.children('enum').find((choice) => choice.attribute('name') === 'secure');
  return secure?.children('value').some((value) => value.text.trim() === 'yes') ?? false;
}
