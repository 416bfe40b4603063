import { type PoolSource, poolSource, type PoolType } from '@limen/contract';

/** What the dialog of a new pool asks, all kinds together; texts as they are typed. */
export interface PoolForm {
  readonly name: string;
  readonly type: PoolType;
  readonly path: string;
  readonly device: string;
  readonly host: string;
  readonly directory: string;
  readonly volumeGroup: string;
  readonly target: string;
  readonly poolName: string;
  readonly username: string;
  readonly secretUuid: string;
  readonly autostart: boolean;
}

export type PoolField = Exclude<keyof PoolForm, 'name' | 'type' | 'autostart'>;

export const emptyPool: PoolForm = {
  name: '',
  type: 'dir',
  path: '',
  device: '',
  host: '',
  directory: '',
  volumeGroup: '',
  target: '',
  poolName: '',
  username: '',
  secretUuid: '',
  autostart: true,
};

/** What is asked of each kind, in order. */
export const fieldsOf: Record<PoolType, readonly PoolField[]> = {
  dir: ['path'],
  fs: ['device', 'path'],
  netfs: ['host', 'directory', 'path'],
  logical: ['volumeGroup'],
  iscsi: ['host', 'target', 'username', 'secretUuid'],
  rbd: ['host', 'poolName', 'username', 'secretUuid'],
};

/** Where a kind may do without. */
export function isOptional(field: PoolField): boolean {
  return field === 'username' || field === 'secretUuid';
}

/** The source as the host takes it; null while something is missing or cannot be. */
export function sourceOf(form: PoolForm): PoolSource | null {
  const parsed = poolSource.safeParse(wishOf(form));
  return parsed.success ? parsed.data : null;
}

/** Whether the kind's schema has nothing against one field. */
export function isFieldValid(form: PoolForm, field: PoolField): boolean {
  if (isOptional(field)) {
    // Both, or neither.
    if (form.username === '' && form.secretUuid === '') return true;
    if (form[field] === '') return false;
  }
  const parsed = poolSource.safeParse(wishOf(form));
  if (parsed.success) return true;
  const key = field === 'host' && form.type === 'rbd' ? 'hosts' : field;
  return !parsed.error.issues.some(({ path }) => path.includes(key));
}

function wishOf(form: PoolForm): object {
  const { type, path, device, host, directory, volumeGroup, target, poolName, username, secretUuid } = form;
  const auth = username === '' && secretUuid === '' ? {} : { auth: { username, secretUuid } };
  switch (type) {
    case 'dir':
      return { type, path };
    case 'fs':
      return { type, path, device };
    case 'netfs':
      return { type, path, host, directory };
    case 'logical':
      return { type, volumeGroup };
    case 'iscsi':
      return { type, host, target, ...auth };
    case 'rbd':
      return { type, hosts: host.split(/[\s,]+/).flatMap(monitor), poolName, ...auth };
  }
}

/** `mon-1:6789`, or without the port. */
function monitor(text: string): { name: string; port?: number }[] {
  if (text === '') return [];
  const [, name = text, port] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  return [port === undefined ? { name } : { name, port: Number(port) }];
}
