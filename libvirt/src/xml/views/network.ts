import { integer, required, text, yesNo } from '../fields/field.ts';
import { assignFields, type Initial, withFields } from '../fields/field-view.ts';
import { list, record, type RecordOf, texts } from '../fields/structure.ts';
import { XmlDocument } from '../xml-document.ts';
import { bandwidth, vlan } from './network-parts.ts';
import { NamedDocument } from './xml-view.ts';

const ip = {
  /** `ipv4` unless said. */
  family: text<'ipv4' | 'ipv6'>('@family'),
  address: required(text('@address'), ''),
  netmask: text('@netmask'),
  prefix: integer('@prefix'),
  localPtr: yesNo('@localPtr'),
  tftpRoot: text('tftp/@root'),
  /** Absent without a DHCP service. */
  dhcp: record('dhcp', {
    /** Addresses that are given out. */
    ranges: list('range', {
      start: required(text('@start'), ''),
      end: required(text('@end'), ''),
      leaseExpiry: integer('lease/@expiry'),
      leaseUnit: text<'seconds' | 'minutes' | 'hours'>('lease/@unit'),
    }),
    /** Who always gets the same address: by MAC or, of IPv6, by DUID. */
    hosts: list('host', {
      mac: text('@mac'),
      id: text('@id'),
      name: text('@name'),
      ip: required(text('@ip'), ''),
    }),
    /** What is booted over the network. */
    bootFile: text('bootp/@file'),
    bootServer: text('bootp/@server'),
  }),
};

/** An address of the host on a virtual network, with its DHCP service. */
export type NetworkIp = RecordOf<typeof ip>;

const fields = {
  name: required(text('name'), ''),
  uuid: text('uuid'),
  /** How its guests reach the world; null isolates them. */
  forward: record('forward', {
    mode: text<'nat' | 'route' | 'open' | 'bridge' | 'private' | 'vepa' | 'passthrough' | 'hostdev'>('@mode'),
    /** The only device of the host they go out by. */
    dev: text('@dev'),
    /** Addresses and ports they appear with. */
    natIpv6: yesNo('nat/@ipv6'),
    natAddresses: list('nat/address', {
      start: required(text('@start'), ''),
      end: required(text('@end'), ''),
    }),
    natPorts: list('nat/port', {
      start: required(integer('@start'), 0),
      end: required(integer('@end'), 0),
    }),
    interfaces: list('interface', { dev: required(text('@dev'), '') }),
    physicalFunctions: list('pf', { dev: required(text('@dev'), '') }),
    driver: text<'vfio'>('driver/@name'),
    managed: yesNo('@managed'),
  }),
  /** The host's bridge. */
  bridge: text('bridge/@name'),
  stp: text<'on' | 'off'>('bridge/@stp'),
  bridgeDelay: integer('bridge/@delay'),
  macTableManager: text<'kernel' | 'libvirt'>('bridge/@macTableManager'),
  /** Of the firewall. */
  zone: text('bridge/@zone'),
  mac: text('mac/@address'),
  mtu: integer('mtu/@size'),
  /** DNS domain of its guests. */
  domain: text('domain/@name'),
  /** Names of it are never asked elsewhere. */
  domainLocalOnly: yesNo('domain/@localOnly'),
  dns: record('dns', {
    enabled: yesNo('@enable'),
    forwardPlainNames: yesNo('@forwardPlainNames'),
    forwarders: list('forwarder', { address: text('@addr'), domain: text('@domain') }),
    hosts: list('host', { ip: required(text('@ip'), ''), hostnames: texts('hostname') }),
    txt: list('txt', { name: required(text('@name'), ''), value: required(text('@value'), '') }),
    srv: list('srv', {
      service: required(text('@service'), ''),
      protocol: required(text<'tcp' | 'udp'>('@protocol'), 'tcp'),
      domain: text('@domain'),
      target: text('@target'),
      port: integer('@port'),
      priority: integer('@priority'),
      weight: integer('@weight'),
    }),
  }),
  bandwidth,
  vlan,
  ips: list('ip', ip),
  routes: list('route', {
    family: text<'ipv4' | 'ipv6'>('@family'),
    address: required(text('@address'), ''),
    prefix: integer('@prefix'),
    netmask: text('@netmask'),
    gateway: required(text('@gateway'), ''),
    metric: integer('@metric'),
  }),
  /** Kinds of connections that interfaces choose by name. */
  portgroups: list('portgroup', {
    name: required(text('@name'), ''),
    default: yesNo('@default'),
    trustGuestRxFilters: yesNo('@trustGuestRxFilters'),
    bandwidth,
    vlan,
  }),
  virtualPortType: text<'openvswitch' | '802.1Qbg' | '802.1Qbh'>('virtualport/@type'),
  /** Guests do not see each other. */
  isolatedPorts: yesNo('port/@isolated'),
  /** Guests of an isolated network reach each other over IPv6 even without an address of the host. */
  ipv6: yesNo('@ipv6'),
};

export type NetworkOptions = Initial<typeof fields, 'name'>;

/** The definition of a virtual network. */
export class NetworkXml extends withFields(NamedDocument, fields) {
  /** @throws {XmlSyntaxError} when the text is no `<network>` document. */
  static parse(text: string): NetworkXml {
    return new NetworkXml(XmlDocument.parse(text, 'network'));
  }

  /** Isolated unless `forward` says otherwise. */
  static create(options: NetworkOptions): NetworkXml {
    const network = new NetworkXml(XmlDocument.create({ name: 'network' }));
    assignFields(network.root, fields, options);
    return network;
  }

  /** `nat`, `route`, `bridge`, `open`, …; null for an isolated network. */
  get forwardMode(): string | null {
    return this.forward && (this.forward.mode ?? 'nat');
  }
}
