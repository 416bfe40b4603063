import {
  CharacterDevice,
  Controller,
  type DomainOptions,
  DomainXml,
  Graphics,
  Input,
  MemoryBalloon,
  NetworkInterface,
  Panic,
  RandomGenerator,
  Tpm,
  Video,
} from 'node-libvirt';
import type { MachinePlan } from '../../ports/machine-editor.ts';
import { LIBOSINFO_NAMESPACE, METADATA_NAMESPACE, metadataElement } from '../machine-metadata.ts';
import { addDrives } from './drives.ts';
import { setClock, setHyperv } from './time-and-enlightenments.ts';

/** Channels every machine has, by the names guests find them under. */
export const GUEST_AGENT_CHANNEL = 'org.qemu.guest_agent.0';
export const LIMEN_AGENT_CHANNEL = 'org.limen.agent.0';

/** Enough for what a machine has at first and six devices more, as virt-install does: ports cannot be hotplugged. */
const PCIE_ROOT_PORTS = 14;
/** Seconds. QEMU asks the guest's driver, and libvirt hands out the last answer without asking. */
const BALLOON_STATISTICS_PERIOD = 5;

/** The definition of a planned machine. Choices that libvirt makes well (addresses, emulator) are left to it. */
export function buildDomain(plan: MachinePlan): DomainXml {
  const domain = DomainXml.create(identity(plan));
  domain.description = plan.description === '' ? null : plan.description;
  setMetadata(domain, plan);
  setFirmware(domain, plan);
  setProcessor(domain, plan);
  setClock(domain, plan);
  if (plan.hyperv && plan.accelerator === 'kvm') setHyperv(domain);
  // A guest that suspends itself looks like one that hangs.
  domain.pm.suspendToMem = false;
  domain.pm.suspendToDisk = false;
  domain.onReboot = plan.installing ? 'destroy' : 'restart';
  addControllers(domain, plan);
  addDrives(domain, plan);
  addNetwork(domain, plan);
  addScreen(domain, plan);
  addGuestServices(domain, plan);
  return domain;
}

function identity(plan: MachinePlan): DomainOptions {
  const { machineId, name, memoryBytes, vcpus, chipset } = plan;
  return {
    type: plan.accelerator === 'kvm' ? 'kvm' : 'qemu',
    name,
    uuid: machineId,
    memory: memoryBytes,
    vcpus: { current: vcpus, maximum: vcpus },
    architecture: 'x86_64',
    machine: chipset,
  };
}

function setMetadata(domain: DomainXml, plan: MachinePlan): void {
  const { tags, presetId, imageId, linked, installing, owner, osId } = plan;
  domain.setMetadata(
    METADATA_NAMESPACE,
    metadataElement({ tags, presetId, imageId, linked, installing, trashed: null, owner }),
  );
  if (osId === null) return;
  domain.setMetadata(LIBOSINFO_NAMESPACE, {
    name: 'libosinfo:libosinfo',
    content: [{ name: 'libosinfo:os', namespace: LIBOSINFO_NAMESPACE, attributes: { id: osId } }],
  });
}

function setFirmware(domain: DomainXml, { firmware, secureBoot, nvramPath }: MachinePlan): void {
  if (firmware === 'bios') return;
  domain.os.setUefi({ secureBoot });
  domain.os.nvram = { path: nvramPath };
  if (secureBoot) domain.features.smm = true;
}

function setProcessor(domain: DomainXml, { accelerator, vcpus }: MachinePlan): void {
  // Emulated, "maximum" is all that QEMU can do: systems of today do not boot on its default, qemu64.
  domain.cpu.mode = accelerator === 'kvm' ? 'host-passthrough' : 'maximum';
  // One socket: editions of Windows count sockets, and no guest minds.
  domain.cpu.topology = { sockets: 1, cores: vcpus, threads: 1 };
}

function addControllers(domain: DomainXml, { chipset, disk, mediaBus }: MachinePlan): void {
  const { devices } = domain;
  if (chipset === 'q35') {
    devices.add(Controller.create({ type: 'pci', index: 0, model: 'pcie-root' }));
    for (let port = 0; port < PCIE_ROOT_PORTS; port += 1) {
      devices.add(Controller.create({ type: 'pci', model: 'pcie-root-port' }));
    }
    devices.add(Controller.create({ type: 'usb', model: 'qemu-xhci', ports: 15 }));
  }
  if (disk.bus === 'scsi' || mediaBus === 'scsi') {
    devices.add(Controller.create({ type: 'scsi', index: 0, model: 'virtio-scsi' }));
  }
}

function addNetwork({ devices }: DomainXml, { network, interfaceModel: model, mac }: MachinePlan): void {
  switch (network.type) {
    case 'network':
      devices.add(
        NetworkInterface.create({ source: { type: 'network', network: network.name }, model, mac }),
      );
      return;
    case 'bridge':
      devices.add(NetworkInterface.create({ source: { type: 'bridge', bridge: network.name }, model, mac }));
      return;
    case 'user':
      devices.add(NetworkInterface.create({ source: { type: 'user' }, model, mac }));
      return;
    case 'none':
      return;
  }
}

function addScreen({ devices }: DomainXml, { videoModel }: MachinePlan): void {
  devices.add(Graphics.create({ type: 'vnc', listens: [{ type: 'socket' }] }));
  devices.add(Video.create({ model: videoModel }));
  // A mouse reports movements, which a viewer cannot translate into places.
  devices.add(Input.create({ type: 'tablet', bus: 'usb' }));
}

function addGuestServices({ devices }: DomainXml, { tpm }: MachinePlan): void {
  devices.add(CharacterDevice.create('serial', { type: 'pty', targetPort: 0 }));
  devices.add(CharacterDevice.create('console', { type: 'pty', targetType: 'serial', targetPort: 0 }));
  devices.add(CharacterDevice.channel(GUEST_AGENT_CHANNEL));
  devices.add(CharacterDevice.channel(LIMEN_AGENT_CHANNEL));
  devices.add(
    RandomGenerator.create({ model: 'virtio', backend: { model: 'random', device: '/dev/urandom' } }),
  );
  devices.add(
    MemoryBalloon.create({
      model: 'virtio',
      statsPeriod: BALLOON_STATISTICS_PERIOD,
      // Memory the guest frees goes back to the host.
      freePageReporting: true,
    }),
  );
  devices.add(Panic.create({ model: 'isa' }));
  if (tpm) devices.add(Tpm.create({ model: 'tpm-crb' }));
}
