import type { ParamFields } from '../xdr/param-fields.ts';

/** `virConnectListAllNetworksFlags`; 0 lists all. */
export const ListNetworks = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
} as const;

/** `virNetworkUpdateCommand`. */
export const NetworkUpdate = { modify: 1, delete: 2, addLast: 3, addFirst: 4 } as const;

/** `virNetworkUpdateSection`: the part of a network's definition an update concerns. */
export const NetworkSection = {
  bridge: 1,
  domain: 2,
  ip: 3,
  ipDhcpHost: 4,
  ipDhcpRange: 5,
  forward: 6,
  forwardInterface: 7,
  forwardPf: 8,
  portGroup: 9,
  dnsHost: 10,
  dnsTxt: 11,
  dnsSrv: 12,
} as const;

/** `virNetworkUpdateFlags`; 0 is whichever state the network is in. */
export const NetworkUpdateFlag = { live: 1, config: 2 } as const;

/** A network port's limits: KiB/s, and KiB for bursts. */
export const NetworkPortFields = {
  'inbound.average': 'uint',
  'inbound.peak': 'uint',
  'inbound.floor': 'uint',
  'inbound.burst': 'uint',
  'outbound.average': 'uint',
  'outbound.peak': 'uint',
  'outbound.burst': 'uint',
} as const satisfies ParamFields;

/** `virNetworkXMLFlags`; 0 is the running definition, where there is one. */
export const NetworkXmlFlag = { inactive: 1 } as const;
