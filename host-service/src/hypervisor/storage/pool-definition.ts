import type { PoolSource } from '@limen/contract';
import { PoolXml } from 'node-libvirt';
import type { NewPool } from '../../ports/storage-pools.ts';

type PoolParts = Omit<Parameters<typeof PoolXml.create>[0], 'name' | 'uuid'>;
type Auth = Extract<PoolSource, { type: 'iscsi' }>['auth'];

/** Where devices of iSCSI targets appear by names that stay. */
const BY_PATH = '/dev/disk/by-path';

/** What libvirt is told of a new pool. */
export function poolDefinition({ id, name, source }: NewPool): string {
  return PoolXml.create({ name, uuid: id, ...partsOf(source) }).toString();
}

function partsOf(source: PoolSource): PoolParts {
  switch (source.type) {
    case 'dir':
      return { type: 'dir', targetPath: source.path };
    case 'fs':
      return {
        type: 'fs',
        targetPath: source.path,
        source: { devices: [{ path: source.device }], format: source.format },
      };
    case 'netfs':
      return {
        type: 'netfs',
        targetPath: source.path,
        source: { hosts: [{ name: source.host }], directory: source.directory, format: source.format },
      };
    case 'logical':
      return {
        type: 'logical',
        targetPath: `/dev/${source.volumeGroup}`,
        source: { name: source.volumeGroup, format: 'lvm2' },
      };
    case 'iscsi':
      return {
        type: 'iscsi',
        targetPath: BY_PATH,
        source: {
          hosts: [hostOf({ name: source.host, port: source.port })],
          devices: [{ path: source.target }],
          ...authOf('chap', source.auth),
        },
      };
    case 'rbd':
      return {
        type: 'rbd',
        source: { hosts: source.hosts.map(hostOf), name: source.poolName, ...authOf('ceph', source.auth) },
      };
  }
}

function hostOf({ name, port }: { readonly name: string; readonly port?: number | undefined }): {
  name: string;
  port?: number;
} {
  return port === undefined ? { name } : { name, port };
}

function authOf(type: 'chap' | 'ceph', auth: Auth): Pick<NonNullable<PoolParts['source']>, 'auth'> {
  return auth === undefined ? {} : { auth: { type, username: auth.username, secretUuid: auth.secretUuid } };
}

/** Where a pool's volumes come from, for people; null for folders. */
export function describeSource({ source }: PoolXml): string | null {
  if (source === null) return null;
  const hosts = (source.hosts ?? [])
    .map(({ name, port }) => (port == null ? name : `${name}:${port}`))
    .join(', ');
  const place =
    source.directory ??
    source.name ??
    source.devices?.map(({ path }) => path).join(', ') ??
    source.adapter?.name ??
    '';
  const described = [hosts, place].filter((part) => part !== '').join(hosts === '' ? '' : ':');
  return described === '' ? null : described;
}
