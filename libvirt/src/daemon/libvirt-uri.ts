/** The part of a libvirt URI that says how to reach a daemon, and what that daemon shall open. */
export interface LibvirtUri {
  /** The hypervisor's driver: `qemu`, `test`, `lxc` … */
  readonly driver: string;
  /** As written (`ssh` of `qemu+ssh`), in lower case; without one, `tls` when a host is named and `unix` when not. */
  readonly transport: string;
  readonly user: string | null;
  /** Without the brackets of an IPv6 address; null when the URI names no host. */
  readonly host: string | null;
  readonly port: number | null;
  /** `/system`, `/session`, `/default` … */
  readonly path: string;
  /** The parameters that are this side's business, by lower-case name. They never reach the daemon. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What the daemon is asked to open: no transport, no host, none of {@link parameters}. */
  readonly remoteUri: string;
}

/** What libvirt's own remote driver takes out of the query; all else is passed to the daemon as it was written. */
const localParameters = new Set([
  'auth',
  'authfile',
  'command',
  'keyfile',
  'known_hosts',
  'known_hosts_verify',
  'mode',
  'name',
  'netcat',
  'no_sanity',
  'no_tty',
  'no_verify',
  'pkipath',
  'proxy',
  'socket',
  'sshauth',
  'tls_priority',
]);

/**
 * Take a libvirt URI apart, by the rules of libvirt's remote driver (https://libvirt.org/uri.html). Names and users
 * that a shell or a program could take for something else are refused here, before any transport sees them.
 * Throws RangeError saying what is wrong.
 */
export function parseLibvirtUri(text: string): LibvirtUri {
  // URL would drop line breaks and tabs in silence.
  if (/[\s\p{Cc}]/u.test(text)) throw new RangeError('a libvirt URI has no spaces or control characters');
  const [, driver, scheme] = /^([a-z][a-z0-9]*)(?:\+([a-z0-9]+))?:\/\//i.exec(text) ?? [];
  const url = driver === undefined ? null : parseUrl(text);
  if (driver === undefined || url === null) throw new RangeError(`not a libvirt URI: ${text}`);
  if (url.password !== '') throw new RangeError('a libvirt URI holds no password');
  const host = hostOf(url);
  const user = url.username === '' ? null : userOf(url);
  const { parameters, rest } = readQuery(url.search.slice(1));
  const path = url.pathname === '' ? '/' : url.pathname;
  const query = rest === '' ? '' : `?${rest}`;
  return {
    driver: driver.toLowerCase(),
    transport: scheme?.toLowerCase() ?? (host === null ? 'unix' : 'tls'),
    user,
    host,
    port: url.port === '' ? null : Number(url.port),
    path,
    parameters,
    remoteUri: parameters.get('name') ?? `${driver.toLowerCase()}://${path}${query}${url.hash}`,
  };
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function hostOf({ hostname }: URL): string | null {
  if (hostname === '') return null;
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  // A leading "-" would be an option to ssh.
  if (!/^[a-z0-9_.:][a-z0-9_.:-]*$/i.test(host)) throw new RangeError(`not a host name: ${host}`);
  return host;
}

function userOf({ username }: URL): string {
  const user = decode(username);
  // ssh_config may paste the user into a command (%r); the signs are those OpenSSH itself refuses.
  if (/^-|[\s\p{Cc}'`"$\\;&<>|(){}]/u.test(user)) throw new RangeError(`not a user name: ${user}`);
  return user;
}

/** "+" is an ordinary sign here, as it is to libvirt; in a socket's path it would be lost otherwise. */
function readQuery(query: string): { parameters: Map<string, string>; rest: string } {
  const parameters = new Map<string, string>();
  const rest: string[] = [];
  for (const part of query.split(/[&;]/)) {
    const [name = '', ...value] = part.split('=');
    const key = decode(name).toLowerCase();
    if (!localParameters.has(key)) {
      if (part !== '') rest.push(part);
      continue;
    }
    const decoded = decode(value.join('='));
    if (/\p{Cc}/u.test(decoded)) throw new RangeError(`control characters in the parameter ${key}`);
    parameters.set(key, decoded);
  }
  return { parameters, rest: rest.join('&') };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError(`malformed percent-encoding: ${text}`);
  }
}

/** A switch such as `no_verify=1`: libvirt takes any whole number but 0 for yes. Throws RangeError for other text. */
export function isSwitchedOn({ parameters }: LibvirtUri, name: string): boolean {
  const value = parameters.get(name) ?? '0';
  if (!/^-?\d+$/.test(value)) throw new RangeError(`${name} is 0 or 1, not "${value}"`);
  return Number(value) !== 0;
}

/** One of a parameter's few words, the first being its default. Throws RangeError for any other. */
export function choice<const T extends readonly [string, ...string[]]>(
  { parameters }: LibvirtUri,
  name: string,
  words: T,
): T[number] {
  const value = parameters.get(name) ?? words[0];
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new RangeError(`${name} is one of ${words.join(', ')}, not "${value}"`);
  return word;
}
