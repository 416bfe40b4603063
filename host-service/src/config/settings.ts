import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One value from outside the file, with the name to call it by in an error message. */
export interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string | number;
  readonly origin: string;
}

interface Variable {
  readonly name: string;
  readonly setting: readonly [section: string, key: string];
  readonly kind?: 'number' | 'path';
}

const variables: readonly Variable[] = [
  { name: 'LIMEN_DATA', setting: ['data', 'directory'], kind: 'path' },
  { name: 'LIMEN_LISTEN_ADDRESS', setting: ['listen', 'address'] },
  { name: 'LIMEN_LISTEN_PORT', setting: ['listen', 'port'], kind: 'number' },
  { name: 'LIMEN_HOST_NAME', setting: ['host', 'name'] },
  { name: 'LIMEN_PUBLIC_ADDRESS', setting: ['host', 'publicAddress'] },
  { name: 'LIMEN_LIBVIRT_URI', setting: ['libvirt', 'uri'] },
  { name: 'LIMEN_LIBVIRT_SOCKET', setting: ['libvirt', 'socket'], kind: 'path' },
  { name: 'LIMEN_ACCELERATION', setting: ['libvirt', 'acceleration'] },
  { name: 'DATABASE_URL', setting: ['database', 'url'] },
  { name: 'LIMEN_STORAGE_DIRECTORY', setting: ['storage', 'directory'], kind: 'path' },
  { name: 'LIMEN_TLS_CERTIFICATE', setting: ['tls', 'certificate'], kind: 'path' },
  { name: 'LIMEN_TLS_KEY', setting: ['tls', 'key'], kind: 'path' },
  { name: 'LIMEN_LOG_LEVEL', setting: ['log', 'level'] },
];

/** Names of our environment variables, for did-you-mean. */
export const variableNames = [...variables.map((variable) => variable.name), 'LIMEN_CONFIG'];

/** Settings from the environment; an empty variable counts as not set. */
export function settingsFromEnvironment(environment: Environment): Setting[] {
  return variables.flatMap(({ name, setting: [section, key], kind }) => {
    const text = environment[name];
    if (text === undefined || text === '') return [];
    return [{ section, key, value: convert(text, kind), origin: `environment variable ${name}` }];
  });
}

/** What the command line may override; the names are those of its options. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: string | undefined;
  readonly logLevel?: string | undefined;
}

export function settingsFromFlags(flags: ConfigFlags): Setting[] {
  const options: readonly (readonly [Variable['setting'], string | undefined, string, Variable['kind']])[] = [
    [['data', 'directory'], flags.data, '--data', 'path'],
    [['listen', 'address'], flags.address, '--address', undefined],
    [['listen', 'port'], flags.port, '--port', 'number'],
    [['log', 'level'], flags.logLevel, '--log-level', undefined],
  ];
  return options.flatMap(([[section, key], text, option, kind]) =>
    text === undefined ? [] : [{ section, key, value: convert(text, kind), origin: `option ${option}` }],
  );
}

/** `StateDirectory=` of the systemd unit says where; without systemd it is the user's own data directory. */
export function defaultDataDirectory(environment: Environment): string {
  const fromSystemd = environment['STATE_DIRECTORY']?.split(':')[0];
  if (fromSystemd !== undefined && fromSystemd !== '') return fromSystemd;
  const base = environment['XDG_DATA_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.local', 'share') : base, 'limen');
}

function convert(text: string, kind: Variable['kind']): string | number {
  // Left as text when it is no number, so that the message shows what was written.
  if (kind === 'number') return /^\d+$/.test(text) ? Number(text) : text;
  return kind === 'path' ? resolve(text) : text;
}
