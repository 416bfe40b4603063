import { integer, required, text, yesNo } from '../../fields/field.ts';
import {
  entries,
  list,
  readRecord,
  record,
  type RecordOf,
  variant,
  writeRecord,
} from '../../fields/structure.ts';
import type { XmlElement } from '../../xml-element.ts';
import { type PciAddress, readPciAddress, writePciAddress } from './pci-address.ts';

const local = {
  /** What to do when it is not there at start: `mandatory`, `requisite`, `optional`. */
  startupPolicy: text<'mandatory' | 'requisite' | 'optional'>('@startupPolicy'),
};
const shapes = {
  file: { file: required(text('@file'), ''), ...local },
  block: { dev: required(text('@dev'), ''), ...local },
  dir: { dir: required(text('@dir'), ''), ...local },
  volume: {
    pool: required(text('@pool'), ''),
    volume: required(text('@volume'), ''),
    /** For iSCSI pools: through the host's device, or directly from QEMU. */
    mode: text<'host' | 'direct'>('@mode'),
    ...local,
  },
  network: {
    protocol: required(
      text<'rbd' | 'iscsi' | 'nbd' | 'http' | 'https' | 'gluster' | 'nfs' | 'ssh'>('@protocol'),
      '',
    ),
    /** The image on that server, e.g. `pool/image` of rbd; nbd may do without. */
    name: text('@name'),
    tls: yesNo('@tls'),
    /** What the server's certificate must be for, when that is not its name (nbd). */
    tlsHostname: text('@tlsHostname'),
    query: text('@query'),
    hosts: list('host', {
      name: text('@name'),
      port: integer('@port'),
      transport: text<'tcp' | 'unix' | 'rdma'>('@transport'),
      socket: text('@socket'),
    }),
    /** Name of a snapshot on the server. */
    snapshot: text('snapshot/@name'),
    /** Path of the client's configuration (rbd). */
    config: text('config/@file'),
    auth: record('auth', {
      username: required(text('@username'), ''),
      secretType: required(text<'ceph' | 'iscsi'>('secret/@type'), ''),
      /** A secret of libvirt's, by one of its names. */
      secretUuid: text('secret/@uuid'),
      secretUsage: text('secret/@usage'),
    }),
    /** iSCSI qualified name of ours. */
    initiator: text('initiator/iqn/@name'),
    /** Whether the server's certificate is checked. */
    verifyCertificate: yesNo('ssl/@verify'),
    /** Sent to the web server, by name; only there when the XML was asked for with its secrets. */
    cookies: entries('cookies', 'cookie'),
    /** Who we are to the server (nfs); `+0` is a number. */
    user: text('identity/@user'),
    group: text('identity/@group'),
    /** Seconds a lost server is waited for (nbd, libvirt newer than 9.0). */
    reconnectDelay: integer('reconnect/@delay'),
    timeout: integer('timeout/@seconds'),
  },
  vhostuser: {
    /** Of the unix socket. */
    path: required(text('@path'), ''),
    reconnect: record('reconnect', { enabled: yesNo('@enabled'), timeout: integer('@timeout') }),
  },
  vhostvdpa: { dev: required(text('@dev'), '') },
};

/** Where a disk's bytes are. */
export type DiskSource =
  | ({ readonly type: 'file' } & RecordOf<typeof shapes.file>)
  | ({ readonly type: 'block' } & RecordOf<typeof shapes.block>)
  | ({ readonly type: 'dir' } & RecordOf<typeof shapes.dir>)
  | ({ readonly type: 'volume' } & RecordOf<typeof shapes.volume>)
  | ({ readonly type: 'network' } & RecordOf<typeof shapes.network>)
  | {
      readonly type: 'nvme';
      readonly namespace: number;
      /** Whether libvirt detaches it from the host's driver and gives it back. */
      readonly managed: boolean;
      readonly address: PciAddress;
    }
  | ({ readonly type: 'vhostuser' } & RecordOf<typeof shapes.vhostuser>)
  | ({ readonly type: 'vhostvdpa' } & RecordOf<typeof shapes.vhostvdpa>);

/**
 * The source of anything that has one as disks do: its kind is the attribute `type` of the element around
 * `<source>`. null for an empty drive, and for kinds this version does not know.
 */
export const diskSource = variant<DiskSource>(readSource, writeSource);

function readSource(disk: XmlElement): DiskSource | null {
  const source = disk.child('source');
  const type = disk.attribute('type') ?? 'file';
  if (source === null) return null;
  switch (type) {
    case 'file':
      return source.attribute('file') === null ? null : { type, ...readRecord(source, shapes.file) };
    case 'block':
      return source.attribute('dev') === null ? null : { type, ...readRecord(source, shapes.block) };
    case 'dir':
      return { type, ...readRecord(source, shapes.dir) };
    case 'volume':
      return { type, ...readRecord(source, shapes.volume) };
    case 'network':
      return { type, ...readNetwork(disk, source) };
    case 'nvme':
      return {
        type,
        namespace: integer('@namespace').read(source) ?? 1,
        managed: source.attribute('managed') === 'yes',
        address: readPciAddress(source.child('address') ?? source),
      };
    case 'vhostuser':
      return { type, ...readRecord(source, shapes.vhostuser) };
    case 'vhostvdpa':
      return { type, ...readRecord(source, shapes.vhostvdpa) };
    default:
      return null;
  }
}

/** Credentials stood next to the source before libvirt 3.9, and are written back where they were given. */
function readNetwork(disk: XmlElement, source: XmlElement): RecordOf<typeof shapes.network> {
  const network = readRecord(source, shapes.network);
  const auth = network.auth ?? shapes.network.auth.read(disk);
  return auth === null ? network : { ...network, auth };
}

/** What went with the old source, such as its backing chain as libvirt found it, says nothing about a new one. */
function writeSource(disk: XmlElement, value: DiskSource | null): void {
  for (const name of ['source', 'auth', 'backingStore', 'mirror']) disk.child(name)?.remove();
  if (value === null) return;
  disk.setAttribute('type', value.type);
  const source = disk.ensure('source');
  switch (value.type) {
    case 'file':
      writeRecord(source, shapes.file, value);
      return;
    case 'block':
      writeRecord(source, shapes.block, value);
      return;
    case 'dir':
      writeRecord(source, shapes.dir, value);
      return;
    case 'volume':
      writeRecord(source, shapes.volume, value);
      return;
    case 'network':
      writeRecord(source, shapes.network, value);
      return;
    case 'nvme':
      source.setAttribute('type', 'pci');
      source.setAttribute('managed', value.managed);
      source.setAttribute('namespace', value.namespace);
      writePciAddress(source.ensure('address'), value.address);
      return;
    case 'vhostuser':
      source.setAttribute('type', 'unix');
      writeRecord(source, shapes.vhostuser, value);
      return;
    case 'vhostvdpa':
      writeRecord(source, shapes.vhostvdpa, value);
      return;
  }
}
