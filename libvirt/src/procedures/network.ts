import { boolean, constant, flags, i32, listing, omittable, string, u32, uuid } from '../xdr/codec.ts';
import { paramAnswer, typedParams } from '../xdr/typed-params.ts';
import { def, slow } from './define.ts';
import { dhcpLease, network, networkPort } from './records.ts';

const needResults = constant(i32, 1);

/** Calls on virtual networks. */
export const networks = {
  lookupByName: def(46, { name: string }, network),
  lookupByUuid: def(47, { uuid }, network),
  define: slow(41, { xml: string }, network),
  /** Start a transient network. */
  createXml: slow(40, { xml: string }, network),
  create: slow(39, { network }),
  destroy: slow(42, { network }),
  undefine: slow(49, { network }),
  isActive: def(152, { network }, boolean),
  isPersistent: def(153, { network }, boolean),
  getXmlDesc: def(43, { network, flags }, string),
  getBridgeName: def(45, { network }, string),
  getAutostart: def(44, { network }, boolean),
  setAutostart: def(48, { network, autostart: boolean }),
  /** `command` is a {@link NetworkUpdate}, `section` a {@link NetworkSection}; `parent` -1 lets libvirt find it. */
  update: slow(291, { network, command: u32, section: u32, parent: i32, xml: string, flags }),
  getDhcpLeases: def(341, { network, mac: omittable(string), needResults, flags }, listing(dhcpLease)),
} as const;

/** Calls on the ports domains plug into. */
export const networkPorts = {
  list: def(404, { network, needResults, flags }, listing(networkPort)),
  lookupByUuid: def(405, { network, uuid }, networkPort),
  createXml: slow(406, { network, xml: string, flags }, networkPort),
  getXmlDesc: def(409, { port: networkPort, flags }, string),
  /** Ask with `paramCount` 0 for the number of parameters, then with that number. */
  getParameters: def(407, { port: networkPort, paramCount: i32, flags }, paramAnswer),
  setParameters: slow(408, { port: networkPort, params: typedParams, flags }),
  delete: slow(410, { port: networkPort, flags }),
} as const;
