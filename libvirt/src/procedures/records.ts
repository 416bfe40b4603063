import {
  array,
  boolean,
  chars,
  type Codec,
  type CodecType,
  fixedChars,
  i32,
  i64,
  name,
  optional,
  string,
  struct,
  u32,
  u64,
  uuid,
} from '../xdr/codec.ts';
import { paramMap } from '../xdr/typed-params.ts';

/** What identifies a domain to the daemon: the UUID alone. */
export interface DomainId {
  readonly uuid: string;
}

/** A domain as the daemon names it. `id` is the run's number, -1 while inactive; it must not be remembered. */
export interface DomainRef extends DomainId {
  readonly name: string;
  readonly id: number;
}

const domainRecord = struct({ name: string, uuid, id: i32 });

/** A domain in an answer or event. Read by hand, as lists hold thousands: a third faster than field by field. */
export const domainRef: Codec<DomainRef> = {
  write: (w, value) => domainRecord.write(w, value),
  read: (r) => ({ name: r.string(), uuid: r.uuid(), id: r.i32() }),
};

/** A domain in a call. The daemon looks only at the UUID, so name and id are sent empty. */
export const domain: Codec<DomainId> = {
  write: (w, value) => domainRecord.write(w, { name: '', uuid: value.uuid, id: -1 }),
  read: (r) => domainRecord.read(r),
};

/** A network: `N`. */
export const network = struct({ name: string, uuid });
export type NetworkRef = CodecType<typeof network>;

/** A storage pool: the same layout as a network. */
export const pool = struct({ name: string, uuid });
export type PoolRef = CodecType<typeof pool>;

export const volume = struct({ pool: string, name: string, key: string });
export type VolumeRef = CodecType<typeof volume>;

export const snapshot = struct({ name: string, domain: domainRef });
export type SnapshotRef = CodecType<typeof snapshot>;

export const checkpoint = struct({ name: string, domain: domainRef });
export type CheckpointRef = CodecType<typeof checkpoint>;

export const networkPort = struct({ network, uuid });
export type NetworkPortRef = CodecType<typeof networkPort>;

export const nodeDevice = struct({ name: string });
export type NodeDeviceRef = CodecType<typeof nodeDevice>;

export const hostInterface = struct({ name: string, mac: string });
export type InterfaceRef = CodecType<typeof hostInterface>;

/** `usageType` is a {@link SecretUsage}, `usageId` what it is for, e.g. a volume's path. */
export const secret = struct({ uuid, usageType: i32, usageId: string });
export type SecretRef = CodecType<typeof secret>;

export const nwFilter = struct({ name: string, uuid });
export type NwFilterRef = CodecType<typeof nwFilter>;

/** Error payload of a failed reply or stream. */
export const errorRecord = struct({
  code: i32,
  domain: i32,
  message: optional(string),
  level: i32,
  machine: optional(domainRef),
  str1: optional(string),
  str2: optional(string),
  str3: optional(string),
  int1: i32,
  int2: i32,
  network: optional(network),
});

/** `memory` is in KiB; `model` is the CPU's architecture name. */
export const nodeInfo = struct({
  model: fixedChars(32),
  memoryKiB: u64,
  cpus: i32,
  mhz: i32,
  nodes: i32,
  sockets: i32,
  cores: i32,
  threads: i32,
});
export type NodeInfo = CodecType<typeof nodeInfo>;

/** One named counter of the node: CPU times in ns, memory in KiB. */
export const nodeCounter = struct({ field: name, value: u64 });
export const nodeCounters = struct({ params: array(nodeCounter), count: i32 });

/** Empty strings when the host has no security driver. */
export const securityModel = struct({ model: chars, doi: chars });

export const domainState = struct({ state: i32, reason: i32 });

/** Memory in KiB, `cpuTime` in ns. */
export const domainInfo = struct({ state: u32, maxMemory: u64, memory: u64, vcpus: u32, cpuTime: u64 });

/** KiB, or a count, by `tag`. */
export const memoryStat = struct({ tag: i32, value: u64 });

/** Bytes: what the guest sees, what the host gave, where the last allocated byte lies. */
export const blockInfo = struct({ allocation: u64, capacity: u64, physical: u64 });

/** `type` is a {@link BlockJobType}; `current` of `end` is done, in units of libvirt's choosing. */
export const blockJobInfo = struct({ found: boolean, type: i32, bandwidth: u64, current: u64, end: u64 });

/** `devices` are the targets of the disks below it. */
export const fileSystem = struct({
  mountPoint: string,
  name: string,
  type: string,
  devices: array(string),
});

export const guestTime = struct({ seconds: i64, nanoseconds: u32 });

/** A domain with its statistics, by libvirt's field names. */
export const domainStats = struct({ domain: domainRef, stats: paramMap });
export type DomainStats = CodecType<typeof domainStats>;

export const interfaceAddress = struct({ type: i32, address: string, prefix: u32 });
export const interfaceAddresses = struct({
  name: string,
  mac: optional(string),
  addresses: array(interfaceAddress),
});

export const poolInfo = struct({ state: i32, capacity: u64, allocation: u64, available: u64 });
export const volumeInfo = struct({ type: i32, capacity: u64, allocation: u64 });

/** `expires` is Unix time in seconds. */
export const dhcpLease = struct({
  interface: string,
  expires: i64,
  type: i32,
  mac: optional(string),
  iaid: optional(string),
  address: string,
  prefix: u32,
  hostname: optional(string),
  clientId: optional(string),
});
