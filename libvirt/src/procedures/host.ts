import { array, boolean, bytes, flags, i32, omittable, optional, string, uuid } from '../xdr/codec.ts';
import { def, slow } from './define.ts';
import { hostInterface, nodeDevice, nwFilter, secret } from './records.ts';

/** Calls on the host's devices. `name` is libvirt's, e.g. `pci_0000_00_1f_2`. */
export const nodeDevices = {
  lookupByName: def(113, { name: string }, nodeDevice),
  getXmlDesc: def(114, { name: string, flags }, string),
  getParent: def(115, { name: string }, optional(string)),
  listCaps: def(117, { name: string, maxNames: i32 }, array(string)),
  /** Make a virtual device, such as a vHBA. */
  createXml: slow(123, { xml: string, flags }, nodeDevice),
  destroy: slow(124, { name: string }),
  /** Take a PCI device from its host driver, so that a domain can have it. */
  detach: slow(301, { name: string, driver: omittable(string), flags }),
  reattach: slow(119, { name: string }),
  reset: slow(120, { name: string }),
} as const;

/** Calls on the host's network interfaces; many drivers can only read them. */
export const interfaces = {
  lookupByName: def(128, { name: string }, hostInterface),
  lookupByMac: def(129, { mac: string }, hostInterface),
  getXmlDesc: def(130, { interface: hostInterface, flags }, string),
  isActive: def(156, { interface: hostInterface }, boolean),
  define: slow(131, { xml: string, flags }, hostInterface),
  undefine: slow(132, { interface: hostInterface }),
  create: slow(133, { interface: hostInterface, flags }),
  destroy: slow(134, { interface: hostInterface, flags }),
  /** Begin a change that {@link interfaces.changeRollback} can take back. */
  changeBegin: slow(220, { flags }),
  changeCommit: slow(221, { flags }),
  changeRollback: slow(222, { flags }),
} as const;

/** Calls on secrets. A value never travels in XML. */
export const secrets = {
  lookupByUuid: def(141, { uuid }, secret),
  lookupByUsage: def(147, { usageType: i32, usageId: string }, secret),
  define: slow(142, { xml: string, flags }, secret),
  getXmlDesc: def(143, { secret, flags }, string),
  setValue: slow(144, { secret, value: bytes, flags }),
  /** Refused for secrets defined as private. */
  getValue: def(145, { secret, flags }, bytes),
  undefine: slow(146, { secret }),
} as const;

/** Calls on packet filters. */
export const nwFilters = {
  lookupByName: def(175, { name: string }, nwFilter),
  lookupByUuid: def(176, { uuid }, nwFilter),
  define: slow(180, { xml: string }, nwFilter),
  getXmlDesc: def(177, { filter: nwFilter, flags }, string),
  undefine: slow(181, { filter: nwFilter }),
} as const;
