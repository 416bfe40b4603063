export type { ElementSpec, XmlValue } from './dom.ts';
export { parseBytes } from './quantity.ts';
export type { Known } from './fields/field.ts';
export { CharacterDevice, RedirectedDevice, Smartcard } from './views/devices/character-devices.ts';
export { Controller } from './views/devices/controller.ts';
export { Device } from './views/devices/device.ts';
export { type BackingImage, Disk, type DiskOptions } from './views/devices/disk.ts';
export type { DiskSource } from './views/devices/disk-source.ts';
export { Filesystem } from './views/devices/filesystem.ts';
export { Graphics } from './views/devices/graphics.ts';
export {
  CryptoDevice,
  MemoryBalloon,
  Panic,
  RandomGenerator,
  Tpm,
  Vsock,
  Watchdog,
} from './views/devices/guest-services.ts';
export { HostDevice, type HostDeviceSource } from './views/devices/host-device.ts';
export type { InterfaceSource } from './views/devices/interface-source.ts';
export { type InterfaceOptions, NetworkInterface } from './views/devices/network-interface.ts';
export type { PciAddress } from './views/devices/pci-address.ts';
export { Iommu, Lease, MemoryDevice, SharedMemory } from './views/devices/platform-devices.ts';
export { Audio, Hub, Input, Sound, Video } from './views/devices/screen-and-input.ts';
export { type DomainOptions, DomainXml, type VcpuCount } from './views/domain.ts';
export { type CpuTopology, DomainCpu } from './views/domain-cpu.ts';
export { DomainDevices } from './views/domain-devices.ts';
export { DomainFeatures } from './views/domain-features.ts';
export { DomainClock, DomainOs, DomainPm, Sysinfo } from './views/domain-os.ts';
export { CapabilitiesXml, type GuestSupport } from './views/capabilities.ts';
export { DomainCapabilitiesXml, type DeviceSupport } from './views/domain-capabilities.ts';
export { type NodeCapability, NodeDeviceXml } from './views/node-device.ts';
export { type NetworkIp, type NetworkOptions, NetworkXml } from './views/network.ts';
export { type SnapshotDisk, SnapshotXml } from './views/snapshot.ts';
export { PoolCapabilitiesXml } from './views/pool-capabilities.ts';
export { PoolXml, type VolumeOptions, VolumeXml } from './views/storage.ts';
export { DocumentView, NamedDocument, XmlView } from './views/xml-view.ts';
export { renderXml, XmlDocument, XmlSyntaxError } from './xml-document.ts';
export { type XmlAttribute, XmlElement } from './xml-element.ts';
