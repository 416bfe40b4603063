import { afterEach, expect, test, vi } from 'vitest';
import { parseLibvirtUri } from './libvirt-uri.ts';
import { resolveDaemon } from './resolve-daemon.ts';
import { daemonSockets } from './socket-paths.ts';
import { sshArguments } from './ssh-command.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('the modular daemon is tried before libvirtd', () => {
  expect(resolveDaemon('qemu:///system')).toMatchObject({
    uri: 'qemu:///system',
    transport: 'unix',
    socketPaths: ['/run/libvirt/virtqemud-sock', '/run/libvirt/libvirt-sock'],
  });
  expect(resolveDaemon('test:///default', { readOnly: true }).socketPaths).toEqual([
    '/run/libvirt/libvirt-sock-ro',
  ]);
  expect(resolveDaemon('qemu:///system?mode=legacy').socketPaths).toEqual(['/run/libvirt/libvirt-sock']);
  expect(resolveDaemon('qemu:///system?mode=direct', { readOnly: true }).socketPaths).toEqual([
    '/run/libvirt/virtqemud-sock-ro',
  ]);
});

test('a named socket is the only one, and no business of the daemon', () => {
  const expected = { uri: 'qemu:///system', socketPaths: ['/tmp/sock'] };
  expect(resolveDaemon('qemu+unix:///system?socket=/tmp/sock')).toMatchObject(expected);
  expect(resolveDaemon('qemu:///system', { socketPath: '/tmp/sock' })).toMatchObject(expected);
});

function sessionSockets(): readonly string[] {
  return resolveDaemon('qemu:///session', { readOnly: true }).socketPaths;
}

test('a user’s own daemon is where GLib has the runtime folder; root has none', () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  vi.stubEnv('XDG_RUNTIME_DIR', '/run/user/1000');
  expect(sessionSockets()).toEqual([
    '/run/user/1000/libvirt/virtqemud-sock',
    '/run/user/1000/libvirt/libvirt-sock',
  ]);
  vi.stubEnv('XDG_RUNTIME_DIR', undefined);
  vi.stubEnv('XDG_CACHE_HOME', undefined);
  vi.stubEnv('HOME', '/home/jo');
  expect(sessionSockets()[1]).toBe('/home/jo/.cache/libvirt/libvirt-sock');
  vi.spyOn(process, 'getuid').mockReturnValue(0);
  expect(sessionSockets()[1]).toBe('/run/libvirt/libvirt-sock-ro');
});

test.each([
  ['qemu+libssh2://host/system', /"libssh2" is not built in: use unix, ssh, tls or tcp/],
  ['qemu+libssh://host/system', /unix, ssh, tls or tcp/],
  ['qemu+ext:///system', /unix, ssh, tls or tcp/],
  ['qemu+vsock://3/system', /unix, ssh, tls or tcp/],
  ['qemu+unix://host/system', /this machine/],
  ['qemu:///system?mode=fast', /mode is one of/],
  ['qemu+ext:///system?command=/bin/sh', /command/],
  ['qemu+ssh://host/system?command=/bin/sh', /command/],
  ['qemu+tls://host/system?no_verify=maybe', /no_verify/],
  ['qemu+tls://host/system?tls_priority=NORMAL', /GnuTLS/],
  ['qemu+ssh://host/system?proxy=magic', /proxy is one of/],
  ['qemu+ssh://host/system?proxy=native&socket=/s', /leave out socket/],
  ['qemu+ssh://host/system?known_hosts=/a%22b', /quotation/],
])('%s is refused: %s', (uri, reason) => {
  expect(() => resolveDaemon(uri)).toThrow(reason);
  expect(() => resolveDaemon(uri)).toThrow(RangeError);
});

function ssh(uri: string, readOnly = false): string[] {
  return sshArguments(parseLibvirtUri(uri), readOnly);
}

test('ssh gets its options as separate words, before "--"', () => {
  const args = ssh('qemu+ssh://jo@host:2222/system?keyfile=/k&no_verify=1&known_hosts=/a%20b&proxy=native');
  expect(args.slice(0, -1).join(' ')).toBe(
    '-T -e none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile="/a b" -p 2222 -l jo -i /k -- host',
  );
  expect(args.at(-1)).toBe("virt-ssh-helper 'qemu:///system'");
  expect(ssh('qemu+ssh://host/system?known_hosts_verify=auto')).toContain('StrictHostKeyChecking=accept-new');
  expect(ssh('qemu+ssh://host/system').join(' ')).not.toContain('StrictHostKeyChecking');
});

function command(query: string, readOnly = false): string | undefined {
  return ssh(`qemu+ssh://host/system?${query}`, readOnly).at(-1);
}

test('the remote command is the helper, netcat, or whichever is there', () => {
  expect(command('proxy=native', true)).toBe("virt-ssh-helper -r 'qemu:///system'");
  expect(command('')).toMatch(/command -v virt-ssh-helper.*-U "\$socket"/);
  expect(command('proxy=netcat', true)).toContain(
    '/run/libvirt/virtqemud-sock-ro /run/libvirt/libvirt-sock-ro',
  );
  for (const query of ['proxy=netcat', 'netcat=/opt/nc', 'socket=/s']) {
    expect(command(query)).not.toContain('virt-ssh-helper');
  }
});

test('sockets of other drivers follow the same rule', () => {
  const sockets = daemonSockets(parseLibvirtUri('lxc:///system'), { session: false, readOnly: false });
  expect(sockets.map(({ program }) => program)).toEqual(['virtlxcd', 'libvirtd']);
});
