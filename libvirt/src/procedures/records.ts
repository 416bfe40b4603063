import {
  array,
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

/** A domain in an answer or event. */
export const domainRef: Codec<DomainRef> = domainRecord;

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

export const domainState = struct({ state: i32, reason: i32 });

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
