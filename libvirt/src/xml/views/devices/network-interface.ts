import { integer, required, text, yesNo } from '../../fields/field.ts';
import { withFields } from '../../fields/field-view.ts';
import { attributes, list, record } from '../../fields/structure.ts';
import { bandwidth, vlan } from '../network-parts.ts';
import { Device, type NewDevice, newDevice } from './device.ts';
import { interfaceSource } from './interface-source.ts';

const fields = {
  /** libvirt makes one up unless given. */
  mac: text('mac/@address'),
  /** What it is plugged into; null for kinds this version does not know. */
  source: interfaceSource,
  model: text<'virtio' | 'e1000e' | 'e1000' | 'rtl8139' | 'igb'>('model/@type'),
  /** `vhost` or `qemu`. */
  driver: text<'vhost' | 'qemu'>('driver/@name'),
  queues: integer('driver/@queues'),
  rxQueueSize: integer('driver/@rx_queue_size'),
  txQueueSize: integer('driver/@tx_queue_size'),
  /** What carries user-mode networking: `passt`. */
  backend: text<'passt'>('backend/@type'),
  /** The host's end: `vnet3` while the machine runs. */
  target: text('target/@dev'),
  /** Addresses of user-mode networking, or of a container. */
  ips: list('ip', {
    family: text<'ipv4' | 'ipv6'>('@family'),
    address: required(text('@address'), ''),
    prefix: integer('@prefix'),
  }),
  /** The network filter that guards it, with its variables. */
  filterref: record('filterref', {
    filter: required(text('@filter'), ''),
    parameters: list('parameter', {
      name: required(text('@name'), ''),
      value: required(text('@value'), ''),
    }),
  }),
  bandwidth,
  vlan,
  /** `802.1Qbh`, `openvswitch`, … */
  virtualPort: record('virtualport', {
    type: text<'802.1Qbg' | '802.1Qbh' | 'openvswitch' | 'midonet'>('@type'),
    parameters: attributes('parameters'),
  }),
  /** Guests of isolated ports do not see each other. */
  isolated: yesNo('port/@isolated'),
  /** `up` or `down`; null is up. */
  link: text<'up' | 'down'>('link/@state'),
  mtu: integer('mtu/@size'),
  trustGuestRxFilters: yesNo('@trustGuestRxFilters'),
  romFile: text('rom/@file'),
};

/** What an interface must be given. */
export type InterfaceOptions = NewDevice<typeof fields, 'source'>;

export class NetworkInterface extends withFields(Device, fields) {
  static create(options: InterfaceOptions): NetworkInterface {
    return newDevice(NetworkInterface, 'interface', fields, options);
  }

  /** A link is up unless it was taken down. */
  get linkUp(): boolean {
    return this.link !== 'down';
  }

  set linkUp(up: boolean) {
    this.link = up ? 'up' : 'down';
  }
}
