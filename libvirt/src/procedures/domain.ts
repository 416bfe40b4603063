import {
  array,
  boolean,
  bytes,
  constant,
  flags,
  i32,
  listing,
  omittable,
  optional,
  string,
  struct,
  u32,
  u64,
  uuid,
} from '../xdr/codec.ts';
import { paramMap, typedParams } from '../xdr/typed-params.ts';
import { def, qemu, slow, stream } from './define.ts';
import { domain, domainRef, domainState, interfaceAddresses, snapshot } from './records.ts';

/** Calls on domains. `memory` is in KiB. */
export const domains = {
  lookupByName: def(23, { name: string }, domainRef),
  lookupByUuid: def(24, { uuid }, domainRef),
  lookupById: def(22, { id: i32 }, domainRef),
  getXmlDesc: def(14, { domain, flags }, string),
  getState: def(212, { domain, flags }, domainState),
  isActive: def(150, { domain }, boolean),
  isPersistent: def(151, { domain }, boolean),
  isUpdated: def(202, { domain }, boolean),
  defineXml: slow(350, { xml: string, flags }, domainRef),
  undefine: slow(231, { domain, flags }),
  /** Start a transient domain. */
  createXml: slow(10, { xml: string, flags }, domainRef),
  /** Start a defined domain. */
  create: slow(196, { domain, flags }, domainRef),
  shutdown: slow(258, { domain, flags }),
  reboot: slow(27, { domain, flags }),
  reset: slow(245, { domain, flags }),
  destroy: slow(234, { domain, flags }),
  suspend: slow(34, { domain }),
  resume: slow(28, { domain }),
  getAutostart: def(15, { domain }, boolean),
  setAutostart: def(29, { domain, autostart: boolean }),
  getMetadata: def(265, { domain, type: i32, uri: omittable(string), flags }, string),
  /** `metadata` is an element without its namespace declaration; null removes. */
  setMetadata: slow(264, {
    domain,
    type: i32,
    metadata: omittable(string),
    key: omittable(string),
    uri: omittable(string),
    flags,
  }),
  managedSave: slow(182, { domain, flags }),
  hasManagedSaveImage: def(183, { domain, flags }, boolean),
  managedSaveRemove: slow(184, { domain, flags }),
  setVcpus: slow(199, { domain, count: u32, flags }),
  setMemory: slow(204, { domain, memory: u64, flags }),
  setMemoryStatsPeriod: slow(308, { domain, seconds: i32, flags }),
  attachDevice: slow(160, { domain, xml: string, flags }),
  detachDevice: slow(161, { domain, xml: string, flags }),
  updateDevice: slow(174, { domain, xml: string, flags }),
  /** Done when the `deviceRemoved` event says so. */
  detachDeviceAlias: slow(392, { domain, alias: string, flags }),
  setBlockIoTune: slow(252, { domain, disk: string, params: typedParams, flags }),
  getJobStats: def(298, { domain, flags }, struct({ type: i32, stats: paramMap })),
  abortJob: def(164, { domain }),
  interfaceAddresses: slow(353, { domain, source: u32, flags }, array(interfaceAddresses)),
  getGuestInfo: slow(418, { domain, types: u32, flags }, paramMap),
  migratePerform: slow(
    305,
    { domain, destination: omittable(string), params: typedParams, cookie: bytes, flags },
    bytes,
  ),
  /** Reply: the image's MIME type. */
  screenshot: stream('read', slow(211, { domain, screen: u32, flags }, optional(string))),
  openConsole: stream('duplex', slow(201, { domain, device: omittable(string), flags })),
  openChannel: stream('duplex', slow(296, { domain, target: omittable(string), flags })),
} as const;

/** Calls on snapshots. */
export const snapshots = {
  create: slow(185, { domain, xml: string, flags }, snapshot),
  list: def(274, { domain, needResults: constant(i32, 1), flags }, listing(snapshot)),
  lookupByName: def(189, { domain, name: string, flags }, snapshot),
  current: def(191, { domain, flags }, snapshot),
  getXmlDesc: def(186, { snapshot, flags }, string),
  revert: slow(192, { snapshot, flags }),
  delete: slow(193, { snapshot, flags }),
} as const;

/** Pass-through calls of the QEMU program. `timeout`: seconds, -1 the default of 5, -2 for ever, 0 no wait. */
export const qemuDomains = {
  monitorCommand: qemu(1, { domain, command: string, flags }, string),
  agentCommand: qemu(3, { domain, command: string, timeout: i32, flags }, optional(string)),
} as const;
