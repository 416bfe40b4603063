import { integer, required, size, text } from '../fields/field.ts';
import { list, record } from '../fields/structure.ts';

/** Who may open it on the host: numbers of the owner and the group, and an octal mode such as `0600`. */
export const permissions = record('target/permissions', {
  mode: text('mode'),
  owner: integer('owner'),
  group: integer('group'),
  label: text('label'),
});

export const volumeEncryption = record('target/encryption', {
  format: required(text<'luks'>('@format'), 'luks'),
  secretUuid: text('secret/@uuid'),
});

export const poolSource = record('source', {
  /** Servers, of network pools. */
  hosts: list('host', { name: required(text('@name'), ''), port: integer('@port') }),
  /** Of the server (`netfs`), or of the cluster (`gluster`). */
  directory: text('dir/@path'),
  /** Devices of the host; of `iscsi` the name of the target. */
  devices: list('device', { path: required(text('@path'), '') }),
  /** SCSI host adapter. */
  adapter: record('adapter', {
    type: text<'scsi_host' | 'fc_host'>('@type'),
    name: text('@name'),
    wwnn: text('@wwnn'),
    wwpn: text('@wwpn'),
  }),
  /** iSCSI qualified name of ours, of `iscsi-direct`. */
  initiator: text('initiator/iqn/@name'),
  auth: record('auth', {
    type: required(text<'chap' | 'ceph'>('@type'), ''),
    username: required(text('@username'), ''),
    secretUuid: text('secret/@uuid'),
    secretUsage: text('secret/@usage'),
  }),
  /** Volume group of `logical`, pool of `rbd`, `zfs` and `gluster`. */
  name: text('name'),
  /** `nfs`, `cifs`, `ext4`, `lvm2`, `gpt`, … */
  format: text('format/@type'),
  /** Version of NFS. */
  protocolVersion: text('protocol/@ver'),
});

export const sizes = {
  capacity: required(size('capacity', 'bytes'), 0),
  allocation: required(size('allocation', 'bytes'), 0),
};
