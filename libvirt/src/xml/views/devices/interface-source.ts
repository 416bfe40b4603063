import { integer, required, text } from '../../fields/field.ts';
import { readRecord, record, type RecordOf, variant, writeRecord } from '../../fields/structure.ts';
import type { XmlElement } from '../../xml-element.ts';
import { type PciAddress, readPciAddress, writePciAddress } from './pci-address.ts';

const socket = { address: text('@address'), port: required(integer('@port'), 0) };
const shapes = {
  network: { network: required(text('@network'), ''), portgroup: text('@portgroup') },
  bridge: { bridge: required(text('@bridge'), '') },
  /** `bridge`, `vepa`, `private`, `passthrough` of macvtap on a device of the host. */
  direct: {
    dev: required(text('@dev'), ''),
    mode: text<'bridge' | 'vepa' | 'private' | 'passthrough'>('@mode'),
  },
  internal: { name: required(text('@name'), '') },
  vdpa: { dev: required(text('@dev'), '') },
  /** `client` connects, `server` listens. */
  vhostuser: {
    path: required(text('@path'), ''),
    mode: required(text<'client' | 'server'>('@mode'), 'client'),
  },
  socket,
  udp: { ...socket, local: record('local', socket) },
  /** Of user-mode networking: the device of the host it goes out by (passt only). */
  user: { dev: text('@dev') },
};
type Socket = RecordOf<typeof shapes.socket>;

/** What an interface is plugged into. */
export type InterfaceSource =
  | ({ readonly type: 'network' } & RecordOf<typeof shapes.network>)
  | ({ readonly type: 'bridge' } & RecordOf<typeof shapes.bridge>)
  | ({ readonly type: 'direct' } & RecordOf<typeof shapes.direct>)
  | ({ readonly type: 'user' } & RecordOf<typeof shapes.user>)
  | { readonly type: 'ethernet' }
  | { readonly type: 'null' }
  | ({ readonly type: 'internal' } & RecordOf<typeof shapes.internal>)
  | { readonly type: 'hostdev'; readonly address: PciAddress }
  | ({ readonly type: 'vdpa' } & RecordOf<typeof shapes.vdpa>)
  | ({ readonly type: 'vhostuser' } & RecordOf<typeof shapes.vhostuser>)
  | ({ readonly type: 'server' | 'client' | 'mcast' } & Socket)
  | ({ readonly type: 'udp' } & RecordOf<typeof shapes.udp>);

/** The kind is the attribute `type` of the interface. */
export const interfaceSource = variant<InterfaceSource>(readSource, writeSource);

function readSource(nic: XmlElement): InterfaceSource | null {
  const type = nic.attribute('type') ?? '';
  if (type === 'ethernet' || type === 'null') return { type };
  const source = nic.child('source');
  if (source === null) return type === 'user' ? { type } : null;
  switch (type) {
    case 'network':
      return { type, ...readRecord(source, shapes.network) };
    case 'bridge':
      return { type, ...readRecord(source, shapes.bridge) };
    case 'direct':
      return { type, ...readRecord(source, shapes.direct) };
    case 'user':
      return { type, ...readRecord(source, shapes.user) };
    case 'internal':
      return { type, ...readRecord(source, shapes.internal) };
    case 'hostdev':
      return { type, address: readPciAddress(source.child('address') ?? source) };
    case 'vdpa':
      return { type, ...readRecord(source, shapes.vdpa) };
    case 'vhostuser':
      return { type, ...readRecord(source, shapes.vhostuser) };
    case 'server':
    case 'client':
    case 'mcast':
      return { type, ...readRecord(source, shapes.socket) };
    case 'udp':
      return { type, ...readRecord(source, shapes.udp) };
    default:
      return null;
  }
}

/** The new source takes nothing over from the old one, such as the port a network gave out. */
function writeSource(nic: XmlElement, value: InterfaceSource | null): void {
  nic.child('source')?.remove();
  if (value === null) return;
  nic.setAttribute('type', value.type);
  switch (value.type) {
    case 'ethernet':
    case 'null':
      return;
    case 'user':
      if (value.dev !== undefined) writeRecord(nic.ensure('source'), shapes.user, value);
      return;
    case 'network':
      writeRecord(nic.ensure('source'), shapes.network, value);
      return;
    case 'bridge':
      writeRecord(nic.ensure('source'), shapes.bridge, value);
      return;
    case 'direct':
      writeRecord(nic.ensure('source'), shapes.direct, value);
      return;
    case 'internal':
      writeRecord(nic.ensure('source'), shapes.internal, value);
      return;
    case 'hostdev':
      writePciAddress(nic.ensure('source').ensure('address'), value.address, 'pci');
      return;
    case 'vdpa':
      writeRecord(nic.ensure('source'), shapes.vdpa, value);
      return;
    case 'vhostuser':
      nic.ensure('source').setAttribute('type', 'unix');
      writeRecord(nic.ensure('source'), shapes.vhostuser, value);
      return;
    case 'server':
    case 'client':
    case 'mcast':
      writeRecord(nic.ensure('source'), shapes.socket, value);
      return;
    case 'udp':
      writeRecord(nic.ensure('source'), shapes.udp, value);
      return;
  }
}
