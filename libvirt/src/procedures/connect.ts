import { array, boolean, constant, flags, i32, listing, omittable, string, u32, u64 } from '../xdr/codec.ts';
import { def, onLane, slow } from './define.ts';
import { domain, domainRef, domainStats, network, nodeCounters, nodeInfo, pool } from './records.ts';

const needResults = constant(i32, 1);

/** Calls on the connection and the host behind it. One line each; numbers are the protocol's. */
export const connect = {
  authList: def(66, {}, array(u32)),
  authPolkit: def(70, {}, boolean),
  open: def(1, { uri: omittable(string), flags }),
  close: def(2, {}),
  supportsFeature: def(60, { feature: i32 }, boolean),
  registerCloseCallback: def(360, {}),
  getType: def(3, {}, string),
  /** Version of the hypervisor: major * 1,000,000 + minor * 1,000 + release. */
  getVersion: def(4, {}, u64),
  /** Version of libvirt itself, in the same form. */
  getLibVersion: def(157, {}, u64),
  getHostname: def(59, {}, string),
  getUri: def(110, {}, string),
  getCapabilities: slow(7, {}, string),
  /** The first question after a start probes QEMU, which takes seconds. */
  getDomainCapabilities: slow(
    342,
    {
      emulator: omittable(string),
      arch: omittable(string),
      machine: omittable(string),
      virtType: omittable(string),
      flags,
    },
    string,
  ),
  listAllDomains: def(273, { needResults, flags }, listing(domainRef)),
  listAllNetworks: def(283, { needResults, flags }, listing(network)),
  listAllPools: def(281, { needResults, flags }, listing(pool)),
  /** An empty list means all domains; `stats` is a mask, 0 for every group. */
  getAllDomainStats: onLane(
    'bulk',
    def(344, { domains: array(domain), stats: u32, flags }, array(domainStats)),
  ),
  registerDomainEvent: def(316, { eventId: i32, domain: omittable(domain) }, i32),
  deregisterDomainEvent: def(317, { callbackId: i32 }),
  registerNetworkEvent: def(313, { eventId: i32, network: omittable(network) }, i32),
  deregisterNetworkEvent: def(314, { callbackId: i32 }),
  registerPoolEvent: def(368, { eventId: i32, pool: omittable(pool) }, i32),
  deregisterPoolEvent: def(369, { callbackId: i32 }),
} as const;

/** Calls on the host's hardware. */
export const node = {
  getInfo: def(6, {}, nodeInfo),
  /** `cpu` -1 is all together. Ask with `paramCount` 0 for the number of counters, then with that number. */
  getCpuStats: def(227, { cpu: i32, paramCount: i32, flags }, nodeCounters),
  /** `cell` -1 is the whole host. Counts as {@link node.getCpuStats} does. */
  getMemoryStats: def(228, { paramCount: i32, cell: i32, flags }, nodeCounters),
  getFreeMemory: def(102, {}, u64),
} as const;
