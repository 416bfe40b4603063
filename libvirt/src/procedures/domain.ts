import { array, boolean, flags, i32, omittable, optional, string, u32, u64, uuid } from '../xdr/codec.ts';
import { paramMap } from '../xdr/typed-params.ts';
import { def, onLane, qemu, slow, stream } from './define.ts';
import { domain, domainInfo, domainRef, domainState, memoryStat } from './records.ts';

/** Calls on domains: their definitions, their life, their devices. `memory` is in KiB. */
export const domainLife = {
  lookupByName: def(23, { name: string }, domainRef),
  lookupByUuid: def(24, { uuid }, domainRef),
  lookupById: def(22, { id: i32 }, domainRef),
  getXmlDesc: def(14, { domain, flags }, string),
  getInfo: def(16, { domain }, domainInfo),
  getState: def(212, { domain, flags }, domainState),
  isActive: def(150, { domain }, boolean),
  isPersistent: def(151, { domain }, boolean),
  isUpdated: def(202, { domain }, boolean),
  defineXml: slow(350, { xml: string, flags }, domainRef),
  undefine: slow(231, { domain, flags }),
  /** Only while it is shut off. Replies 0. */
  rename: slow(358, { domain, name: omittable(string), flags }, i32),
  /** Start a transient domain. */
  createXml: slow(10, { xml: string, flags }, domainRef),
  /** Start a defined domain. */
  create: slow(196, { domain, flags }, domainRef),
  shutdown: onLane('guest', slow(258, { domain, flags })),
  reboot: onLane('guest', slow(27, { domain, flags })),
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
  getVcpus: def(200, { domain, flags }, i32),
  setVcpus: slow(199, { domain, count: u32, flags }),
  setMemory: slow(204, { domain, memory: u64, flags }),
  setMemoryStatsPeriod: slow(308, { domain, seconds: i32, flags }),
  /** `tag` is a {@link MemoryStat}. Ask for as many as `maxStats`. */
  memoryStats: slow(159, { domain, maxStats: u32, flags }, array(memoryStat)),
  attachDevice: slow(160, { domain, xml: string, flags }),
  detachDevice: slow(161, { domain, xml: string, flags }),
  updateDevice: slow(174, { domain, xml: string, flags }),
  /** Done when the `deviceRemoved` event says so. */
  detachDeviceAlias: slow(392, { domain, alias: string, flags }),
  /** Press keys together for `holdMs`; at most 16, numbered as `codeset` says. */
  sendKey: slow(226, { domain, codeset: u32, holdMs: u32, keys: array(u32), flags }),
  injectNmi: slow(210, { domain, flags }),
  /** What the hypervisor warns about; `flags` of 0 for all kinds. */
  getMessages: def(426, { domain, flags }, array(string)),
  /** Fails unless the domain runs under launch security (AMD SEV). */
  getLaunchSecurityInfo: slow(396, { domain, flags }, paramMap),
  /** Reply: the image's MIME type. */
  screenshot: stream('read', slow(211, { domain, screen: u32, flags }, optional(string))),
  openConsole: stream('duplex', slow(201, { domain, device: omittable(string), flags })),
  openChannel: stream('duplex', slow(296, { domain, target: omittable(string), flags })),
} as const;

/** Pass-through calls of the QEMU program. `timeout`: seconds, -1 the default of 5, -2 for ever, 0 no wait. */
export const qemuDomains = {
  monitorCommand: qemu(1, { domain, command: string, flags }, string),
  agentCommand: onLane('agent', qemu(3, { domain, command: string, timeout: i32, flags }, optional(string))),
} as const;
