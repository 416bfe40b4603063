import { type Bandwidth, type InterfaceModel, LimenError } from '@limen/contract';
import { type DomainXml, type InterfaceSource, NetworkInterface } from 'node-libvirt';
import type { HardwareChange, PluggedNetwork } from '../../../ports/machine-hardware.ts';
import { invalid } from './refusals.ts';

type Update = Extract<HardwareChange, { readonly type: 'update-interface' }>;

const KIB = 1024;

export function findInterface(domain: DomainXml, mac: string): NetworkInterface | null {
  const wanted = mac.toLowerCase();
  return domain.devices.interfaces.find((nic) => nic.mac?.toLowerCase() === wanted) ?? null;
}

/** Throws `NOT_FOUND`. */
export function requireInterface(domain: DomainXml, mac: string): NetworkInterface {
  const nic = findInterface(domain, mac);
  if (nic === null) throw new LimenError('NOT_FOUND', { kind: 'interface', id: mac });
  return nic;
}

export function newInterface(network: PluggedNetwork, model: InterfaceModel, mac: string): NetworkInterface {
  return NetworkInterface.create({ source: sourceOf(network), model, mac: mac.toLowerCase() });
}

export function addInterface(domain: DomainXml, nic: NetworkInterface): void {
  requireFreeMac(domain, nic.mac ?? '');
  domain.devices.add(nic);
}

/** Everything of an update, or only what a running machine takes. */
export function updateInterface(
  domain: DomainXml,
  nic: NetworkInterface,
  { network, model, newMac, linkUp, bandwidth }: Omit<Update, 'type' | 'mac'>,
): void {
  if (network !== undefined) plugInto(nic, network);
  if (model !== undefined && model !== nic.model) {
    nic.model = model;
    // Queues and the host's helper are virtio's, and the old card's place may not fit the new one.
    for (const path of ['driver', 'address']) nic.element.erase(path);
  }
  if (newMac !== undefined && newMac.toLowerCase() !== nic.mac?.toLowerCase()) {
    requireFreeMac(domain, newMac);
    nic.mac = newMac.toLowerCase();
  }
  if (linkUp !== undefined && linkUp !== nic.linkUp) nic.linkUp = linkUp;
  if (bandwidth !== undefined) setBandwidth(nic, bandwidth);
}

export function removeInterface(domain: DomainXml, mac: string): void {
  findInterface(domain, mac)?.remove();
}

export function sourceOf(network: PluggedNetwork): InterfaceSource {
  switch (network.type) {
    case 'network':
      return { type: 'network', network: network.name };
    case 'bridge':
      return { type: 'bridge', bridge: network.name };
    case 'user':
      return { type: 'user' };
  }
}

export function isPluggedInto(nic: NetworkInterface, network: PluggedNetwork): boolean {
  const { source } = nic;
  switch (network.type) {
    case 'network':
      return source?.type === 'network' && source.network === network.name;
    case 'bridge':
      return source?.type === 'bridge' && source.bridge === network.name;
    case 'user':
      return source?.type === 'user';
  }
}

function plugInto(nic: NetworkInterface, network: PluggedNetwork): void {
  if (isPluggedInto(nic, network)) return;
  nic.source = sourceOf(network);
  // Said to the switch it was plugged into, and how passt carried it.
  nic.virtualPort = null;
  nic.backend = null;
  if (network.type === 'user') {
    nic.bandwidth = null;
    nic.target = null;
  }
}

function setBandwidth(nic: NetworkInterface, limits: Bandwidth): void {
  const { inboundBytesPerSecond, outboundBytesPerSecond } = limits;
  const none = inboundBytesPerSecond === null && outboundBytesPerSecond === null;
  if (none) {
    nic.bandwidth = null;
    return;
  }
  if (nic.type === 'user') throw invalid('bandwidth', 'user-mode networking knows no limits');
  const { inbound, outbound } = nic.bandwidth ?? {};
  nic.bandwidth = {
    inbound: rate(inbound, inboundBytesPerSecond),
    outbound: rate(outbound, outboundBytesPerSecond),
  };
}

type Rate = NonNullable<NonNullable<NetworkInterface['bandwidth']>['inbound']>;

/** Peak and burst stay while they make sense beside the average. */
function rate(present: Rate | undefined, bytesPerSecond: number | null): Rate | undefined {
  if (bytesPerSecond === null) return undefined;
  const average = Math.max(1, Math.round(bytesPerSecond / KIB));
  const { peak, ...rest } = present ?? {};
  return { ...rest, ...(peak !== undefined && peak >= average && { peak }), average };
}

function requireFreeMac(domain: DomainXml, mac: string): void {
  // The lowest bit of the first octet makes it an address of many.
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) throw invalid('mac', 'is a multicast address');
  if (findInterface(domain, mac) !== null) throw invalid('mac', 'another interface of the machine has it');
}
