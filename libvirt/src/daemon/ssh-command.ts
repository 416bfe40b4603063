import { choice, isSwitchedOn, type LibvirtUri } from './libvirt-uri.ts';

/**
 * The arguments for the system's `ssh` that lead to a daemon's byte stream. Never prompts (`BatchMode`): keys come
 * from an agent, from `keyfile` or from ssh's own configuration. Throws RangeError for parameters that contradict
 * each other.
 */
export function sshArguments(uri: LibvirtUri, readOnly: boolean): string[] {
  const { parameters, host, port, user } = uri;
  const options = ['BatchMode=yes', ...knownHostOptions(uri)].flatMap((option) => ['-o', option]);
  const keyfile = parameters.get('keyfile');
  return [
    '-T',
    '-e',
    'none',
    ...options,
    ...(port === null ? [] : ['-p', String(port)]),
    ...(user === null ? [] : ['-l', user]),
    ...(keyfile === undefined ? [] : ['-i', keyfile]),
    '--',
    host ?? 'localhost',
    remoteCommand(uri, readOnly),
  ];
}

/** `known_hosts` and `known_hosts_verify` mean what they mean to libvirt's libssh transport. */
function knownHostOptions(uri: LibvirtUri): string[] {
  const verify = choice(uri, 'known_hosts_verify', ['normal', 'auto', 'ignore']);
  const checking = { normal: null, auto: 'accept-new', ignore: 'no' }[verify];
  const strict = isSwitchedOn(uri, 'no_verify') ? 'no' : checking;
  const file = uri.parameters.get('known_hosts');
  if (file?.includes('"') === true) throw new RangeError('known_hosts is a path without quotation marks');
  return [
    ...(strict === null ? [] : [`StrictHostKeyChecking=${strict}`]),
    // ssh splits the value at spaces unless it is quoted.
    ...(file === undefined ? [] : [`UserKnownHostsFile="${file}"`]),
  ];
}

/**
 * What is run on the other side: `virt-ssh-helper`, which finds the daemon's socket and starts a session daemon, or
 * netcat on a socket. Naming a `socket` or a `netcat` means netcat: the helper takes no socket.
 */
function remoteCommand(uri: LibvirtUri, readOnly: boolean): string {
  const proxy = choice(uri, 'proxy', ['auto', 'native', 'netcat']);
  const named = ['netcat', 'socket'].filter((name) => uri.parameters.has(name));
  if (proxy === 'native' && named.length > 0) {
    throw new RangeError(`proxy=native finds the daemon by itself: leave out ${named.join(' and ')}`);
  }
  const helper = `virt-ssh-helper ${readOnly ? '-r ' : ''}${quoted(uri.remoteUri)}`;
  if (proxy === 'native') return helper;
  const netcat = netcatScript(uri, readOnly);
  // The login shell may be any; what follows is for a POSIX one.
  if (proxy === 'netcat' || named.length > 0) return `sh -c ${quoted(netcat)}`;
  const script = `if command -v virt-ssh-helper >/dev/null 2>&1; then exec ${helper}; fi; ${netcat}`;
  return `sh -c ${quoted(script)}`;
}

function netcatScript(uri: LibvirtUri, readOnly: boolean): string {
  const netcat = quoted(uri.parameters.get('netcat') ?? 'nc');
  const socket = uri.parameters.get('socket');
  const candidates = socket === undefined ? socketCandidates(uri, readOnly) : [quoted(socket)];
  return [
    `for socket in ${candidates.join(' ')}; do if [ -S "$socket" ]; then break; fi; done`,
    // A netcat that knows -q has to be told to leave when its input ends.
    `if ${netcat} -q 2>&1 | grep "requires an argument" >/dev/null 2>&1; then leave=-q0; else leave=; fi`,
    `exec ${netcat} $leave -U "$socket"`,
  ].join('; ');
}

/** For the remote shell to expand; the last one is used, and named in the error, when none is there. */
function socketCandidates({ driver, path }: LibvirtUri, readOnly: boolean): string[] {
  const session = path === '/session';
  const folder = session ? '"${XDG_RUNTIME_DIR:-$HOME/.cache}"/libvirt' : '/run/libvirt';
  const suffix = readOnly && !session ? '-ro' : '';
  return [`${folder}/virt${driver}d-sock${suffix}`, `${folder}/libvirt-sock${suffix}`];
}

/** One word to a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
