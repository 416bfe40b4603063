import { z } from 'zod';
import { machineId, networkId } from '../ids.ts';
import { hostname } from './creation.ts';

/** Kinds that LIMEN makes. `isolated`: guests reach the host and each other; `bridge`: plugged into the host's own. */
export const networkKind = z.enum(['nat', 'routed', 'open', 'isolated', 'bridge']);
export type NetworkKind = z.infer<typeof networkKind>;

/** Linux's `IFNAMSIZ` leaves 15 bytes; its kernel refuses slashes, colons and white space. */
export const deviceName = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,15}$/);

/** Names files of libvirt's and dnsmasq's: no slash, no white space, nothing that looks like an option. */
export const networkName = z
  .string()
  .max(50)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*$/u)
  .transform((text) => text.normalize('NFC'));

export const ipFamily = z.enum(['ipv4', 'ipv6']);
export type IpFamily = z.infer<typeof ipFamily>;

const ipText = z.string().max(64);
/** dnsmasq's leases are for one label; libvirt wants it to begin with a letter. */
const leaseName = z
  .string()
  .max(63)
  .regex(/^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/);

/** Addresses that are given out, the first and the last included. */
export const addressRange = z.object({ start: ipText, end: ipText });
export type AddressRange = z.infer<typeof addressRange>;

/** Who always gets the same address: by MAC or, of IPv6, by DUID or name. */
export const staticLease = z.object({
  mac: z.string().nullable(),
  duid: z.string().nullable(),
  name: z.string().nullable(),
  ip: z.string().nullable(),
});
export type StaticLease = z.infer<typeof staticLease>;

export const dnsHost = z.object({ ip: z.string(), hostnames: z.array(z.string()) });
export type DnsHost = z.infer<typeof dnsHost>;

/** The host's address on a network, and what it gives out there. */
export const networkAddress = z.object({
  family: ipFamily,
  /** Of the host, with the prefix of the subnet: `192.168.100.1/24`. */
  address: z.string(),
  ranges: z.array(addressRange),
  staticLeases: z.array(staticLease),
});
export type NetworkAddress = z.infer<typeof networkAddress>;

const networkDomain = z.object({
  name: z.string(),
  /** Names of it are never asked elsewhere. */
  localOnly: z.boolean(),
});

/** What one definition of a network says, be it the running one's or the next start's. */
export const networkSettings = z.object({
  /** `other`: what other tools made, e.g. macvtap. */
  kind: z.enum([...networkKind.options, 'other']),
  /** libvirt's word for it; null isolates. */
  forwardMode: z.string().nullable(),
  /** The only device of the host its traffic goes out by. */
  device: z.string().nullable(),
  /** What its machines are plugged into on the host; null until libvirt has chosen one. */
  bridge: z.string().nullable(),
  addresses: z.array(networkAddress),
  domain: networkDomain.nullable(),
  dnsEnabled: z.boolean(),
  dnsHosts: z.array(dnsHost),
});
export type NetworkSettings = z.infer<typeof networkSettings>;

/** A machine that is plugged in, or will be. */
export const networkUser = z.object({
  machineId,
  name: z.string(),
  mac: z.string(),
  /** It is on, and plugged in now. */
  live: z.boolean(),
});
export type NetworkUser = z.infer<typeof networkUser>;

/** An address that a guest was given. */
export const networkLease = z.object({
  ip: z.string(),
  mac: z.string().nullable(),
  /** What the guest calls itself. */
  hostname: z.string().nullable(),
  /** Null: never. */
  expiresAt: z.iso.datetime().nullable(),
  /** Whose MAC it is, if the caller may see that one. */
  machine: z.object({ id: machineId, name: z.string() }).nullable(),
  static: z.boolean(),
});
export type NetworkLease = z.infer<typeof networkLease>;

/** A network of libvirt's: what runs, and what the next start gets. */
export const network = z.object({
  id: networkId,
  name: z.string(),
  /** Of the stored definition, whoever wrote it; an edit names the one it was made on. */
  revision: z.string(),
  active: z.boolean(),
  /** libvirt keeps it when it is stopped. */
  persistent: z.boolean(),
  autostart: z.boolean(),
  stored: networkSettings,
  /** Null while it does not run. */
  live: networkSettings.nullable(),
  leases: z.array(networkLease),
  users: z.array(networkUser),
  /** Machines on it that the caller may not see. */
  hiddenUsers: z.number().int(),
});
export type Network = z.infer<typeof network>;

/** A bridge of the host that is not libvirt's. */
export const hostBridge = z.object({
  name: z.string(),
  up: z.boolean(),
  /** Devices that are plugged in. */
  members: z.array(z.string()),
  users: z.array(networkUser),
  hiddenUsers: z.number().int(),
});
export type HostBridge = z.infer<typeof hostBridge>;

/** A subnet that is taken, and by what. */
export const takenSubnet = z.object({
  subnet: z.string(),
  /** `device`: a route or an address of the host's. */
  by: z.enum(['device', 'network']),
  name: z.string(),
});
export type TakenSubnet = z.infer<typeof takenSubnet>;

/** All networks of a host. Complete, so applying one twice is harmless. */
export const networksSnapshot = z.object({
  networks: z.array(network),
  bridges: z.array(hostBridge),
  /** What a new network must keep clear of; empty for those who may not make one. */
  surroundings: z.object({
    taken: z.array(takenSubnet),
    /** Network devices of the host. */
    devices: z.array(z.string()),
  }),
});
export type NetworksSnapshot = z.infer<typeof networksSnapshot>;

/** An address for the host, with what it gives out; checked further by `checkAddress`. */
export const newAddress = z.object({ address: ipText, ranges: z.array(addressRange).max(16) });
export type NewAddress = z.infer<typeof newAddress>;

const newDomain = z.object({ name: hostname, localOnly: z.boolean() });

/** A network to be made; checked further by `checkNewNetwork`. */
export const newNetwork = z.object({
  name: networkName,
  kind: networkKind,
  /** Of `nat`, `routed` and `open`: the only device its traffic goes out by. */
  device: deviceName.nullable().default(null),
  /** Of kind `bridge`: the host's bridge. Else what libvirt's is to be called; null lets it choose. */
  bridge: deviceName.nullable().default(null),
  ipv4: newAddress.nullable().default(null),
  ipv6: newAddress.nullable().default(null),
  domain: newDomain.nullable().default(null),
  autostart: z.boolean().default(true),
});
export type NewNetwork = z.infer<typeof newNetwork>;
export type NewNetworkInput = z.input<typeof newNetwork>;

const wantedLease = z.object({
  mac: z
    .string()
    .regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/)
    .nullable(),
  /** DHCPv6's identity of a client. */
  duid: z
    .string()
    .regex(/^[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2}){1,129}$/)
    .nullable(),
  name: leaseName.nullable(),
  ip: ipText,
});
export type WantedLease = z.infer<typeof wantedLease>;
const wantedDnsHost = z.object({ ip: ipText, hostnames: z.array(hostname).min(1).max(16) });

/** One change to a network; what it does not name stays. Leases and DNS hosts are named by all they say. */
export const networkEdit = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add-static-lease'), lease: wantedLease }),
  z.object({ type: z.literal('replace-static-lease'), old: staticLease, lease: wantedLease }),
  z.object({ type: z.literal('remove-static-lease'), lease: staticLease }),
  z.object({ type: z.literal('add-dns-host'), host: wantedDnsHost }),
  z.object({ type: z.literal('replace-dns-host'), old: dnsHost, host: wantedDnsHost }),
  z.object({ type: z.literal('remove-dns-host'), host: dnsHost }),
  z.object({ type: z.literal('set-ranges'), family: ipFamily, ranges: newAddress.shape.ranges }),
  /** Null takes the family away from the network, with its DHCP. At the next start of an active network. */
  z.object({ type: z.literal('set-address'), family: ipFamily, address: newAddress.nullable() }),
  z.object({ type: z.literal('set-domain'), domain: newDomain.nullable() }),
  /** Between kinds that have a bridge of libvirt's. */
  z.object({
    type: z.literal('set-kind'),
    kind: networkKind.exclude(['bridge']),
    device: deviceName.nullable(),
  }),
  /** Of kind `bridge`. */
  z.object({ type: z.literal('set-host-bridge'), bridge: deviceName }),
]);
export type NetworkEdit = z.infer<typeof networkEdit>;
