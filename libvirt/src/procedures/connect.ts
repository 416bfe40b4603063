import {
  array,
  boolean,
  bytes,
  constant,
  flags,
  i32,
  listing,
  omittable,
  string,
  struct,
  u32,
  u64,
} from '../xdr/codec.ts';
import { paramAnswer } from '../xdr/typed-params.ts';
import { def, job, onLane, slow } from './define.ts';
import {
  domain,
  domainRef,
  domainStats,
  hostInterface,
  network,
  nodeCounters,
  nodeDevice,
  nodeInfo,
  nwFilter,
  pool,
  secret,
  securityModel,
} from './records.ts';

const needResults = constant(i32, 1);

/** Calls on the connection and the host behind it. One line each; numbers are the protocol's. */
export const connect = {
  authList: def(66, {}, array(u32)),
  authPolkit: def(70, {}, boolean),
  open: def(1, { uri: omittable(string), flags }),
  close: def(2, {}),
  supportsFeature: def(60, { feature: i32 }, boolean),
  registerCloseCallback: def(360, {}),
  unregisterCloseCallback: def(361, {}),
  getType: def(3, {}, string),
  /** Version of the hypervisor: major * 1,000,000 + minor * 1,000 + release. */
  getVersion: def(4, {}, u64),
  /** Version of libvirt itself, in the same form. */
  getLibVersion: def(157, {}, u64),
  getHostname: def(59, {}, string),
  getUri: def(110, {}, string),
  isSecure: def(149, {}, boolean),
  getMaxVcpus: def(5, { type: omittable(string) }, i32),
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
  getPoolCapabilities: def(403, { flags }, string),
  /** Replies a `<sources>` document of what such a pool could be made of. */
  findPoolSources: job(75, { type: string, source: omittable(string), flags }, string),
  getCpuModelNames: def(312, { arch: string, needResults, flags }, listing(string)),
  /** Replies a {@link CpuComparison}. */
  compareCpu: def(158, { xml: string, flags }, i32),
  listAllDomains: def(273, { needResults, flags }, listing(domainRef)),
  listAllNetworks: def(283, { needResults, flags }, listing(network)),
  listAllPools: def(281, { needResults, flags }, listing(pool)),
  listAllNodeDevices: def(285, { needResults, flags }, listing(nodeDevice)),
  listAllInterfaces: def(284, { needResults, flags }, listing(hostInterface)),
  listAllSecrets: def(287, { needResults, flags }, listing(secret)),
  listAllNwFilters: def(286, { needResults, flags }, listing(nwFilter)),
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
  registerNodeDeviceEvent: def(374, { eventId: i32, device: omittable(nodeDevice) }, i32),
  deregisterNodeDeviceEvent: def(375, { callbackId: i32 }),
  registerSecretEvent: def(380, { eventId: i32, secret: omittable(secret) }, i32),
  deregisterSecretEvent: def(381, { callbackId: i32 }),
} as const;

/** Calls on the host's hardware. */
export const node = {
  getInfo: def(6, {}, nodeInfo),
  /** `cpu` -1 is all together. Ask with `paramCount` 0 for the number of counters, then with that number. */
  getCpuStats: def(227, { cpu: i32, paramCount: i32, flags }, nodeCounters),
  /** `cell` -1 is the whole host. Counts as {@link node.getCpuStats} does. */
  getMemoryStats: def(228, { paramCount: i32, cell: i32, flags }, nodeCounters),
  getFreeMemory: def(102, {}, u64),
  /** Bytes free in each NUMA cell. */
  getCellsFreeMemory: def(101, { firstCell: i32, maxCells: i32 }, array(u64)),
  /** Free pages of each size (KiB) in each cell, cell by cell. */
  getFreePages: def(340, { pageSizes: array(u32), firstCell: i32, cells: u32, flags }, array(u64)),
  /** Bit n of `online`, lowest first in each byte, is CPU n; `present` counts them all. */
  getCpuMap: def(
    293,
    { needMap: constant(i32, 1), needOnline: constant(i32, 1), flags },
    struct({ online: bytes, onlineCount: u32, present: i32 }),
  ),
  getSecurityModel: def(122, {}, securityModel),
  /** Fails where there is no AMD SEV. Counts as {@link node.getCpuStats} does. */
  getSevInfo: def(395, { paramCount: i32, flags }, paramAnswer),
} as const;
