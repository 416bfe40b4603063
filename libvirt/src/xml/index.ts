export type { ElementSpec, XmlValue } from './dom.ts';
export { parseBytes } from './quantity.ts';
export { Device } from './views/device.ts';
export { Disk, type DiskOptions, type DiskSource, diskSpec } from './views/disk.ts';
export { DomainXml, type LifecycleEvent, type VcpuCount } from './views/domain.ts';
export { type CpuTopology, DomainCpu } from './views/domain-cpu.ts';
export { DomainDevices } from './views/domain-devices.ts';
export { DomainOs, type FirmwareLoader } from './views/domain-os.ts';
export { Graphics, type GraphicsListen, graphicsSpec } from './views/graphics.ts';
export { CapabilitiesXml, DomainCapabilitiesXml, type GuestSupport, NodeDeviceXml } from './views/host.ts';
export { NetworkIp, NetworkXml } from './views/network.ts';
export {
  type InterfaceOptions,
  type InterfaceSource,
  interfaceSpec,
  NetworkInterface,
} from './views/network-interface.ts';
export {
  CharacterDevice,
  channelSpec,
  Filesystem,
  HostDevice,
  type PciAddress,
  pciHostDeviceSpec,
  Tpm,
  tpmSpec,
} from './views/other-devices.ts';
export { SnapshotXml } from './views/snapshot.ts';
export { PoolXml, type VolumeOptions, VolumeXml } from './views/storage.ts';
export { DocumentView, NamedDocument, XmlView } from './views/xml-view.ts';
export { renderXml, XmlDocument, XmlSyntaxError } from './xml-document.ts';
export { type XmlAttribute, XmlElement } from './xml-element.ts';
