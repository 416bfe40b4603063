import { boolean, constant, flags, i32, listing, omittable, string, u32 } from '../xdr/codec.ts';
import { def, slow } from './define.ts';
import { dhcpLease, network } from './records.ts';

/** Calls on virtual networks. */
export const networks = {
  define: slow(41, { xml: string }, network),
  createXml: slow(40, { xml: string }, network),
  create: slow(39, { network }),
  destroy: slow(42, { network }),
  undefine: slow(49, { network }),
  getXmlDesc: def(43, { network, flags }, string),
  setAutostart: def(48, { network, autostart: boolean }),
  update: slow(291, { network, command: u32, section: u32, parent: i32, xml: string, flags }),
  getDhcpLeases: def(
    341,
    { network, mac: omittable(string), needResults: constant(i32, 1), flags },
    listing(dhcpLease),
  ),
} as const;
