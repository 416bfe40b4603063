import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { choice, isSwitchedOn, parseLibvirtUri } from './libvirt-uri.ts';

test.each([
  ['qemu:///system', 'unix', null, 'qemu:///system'],
  ['QEMU:///system', 'unix', null, 'qemu:///system'],
  ['qemu:///session', 'unix', null, 'qemu:///session'],
  ['test:///default', 'unix', null, 'test:///default'],
  ['test:///srv/some.xml', 'unix', null, 'test:///srv/some.xml'],
  ['qemu+unix:///system?socket=/run/x', 'unix', null, 'qemu:///system'],
  ['qemu+ssh://host/system', 'ssh', 'host', 'qemu:///system'],
  ['qemu+SSH://host/system', 'ssh', 'host', 'qemu:///system'],
  ['qemu+ssh://root@host:2222/system?keyfile=/k&no_verify=1', 'ssh', 'host', 'qemu:///system'],
  ['qemu://host/system', 'tls', 'host', 'qemu:///system'],
  ['qemu+tls://host:1/system?pkipath=/pki', 'tls', 'host', 'qemu:///system'],
  ['qemu+tcp://[2001:db8::1]:99/system', 'tcp', '2001:db8::1', 'qemu:///system'],
  ['qemu+tcp://10.0.0.1/session', 'tcp', '10.0.0.1', 'qemu:///session'],
  ['qemu+tls:///system', 'tls', null, 'qemu:///system'],
  ['qemu+libssh2://host/system', 'libssh2', 'host', 'qemu:///system'],
  ['lxc+ssh://host', 'ssh', 'host', 'lxc:///'],
  ['qemu+ssh://host/system?name=test:///default', 'ssh', 'host', 'test:///default'],
  ['qemu+ssh://host/system?a=%2F&socket=/s;b=1&=&NO_TTY=1', 'ssh', 'host', 'qemu:///system?a=%2F&b=1&='],
])('%s: %s to %s opens %s', (text, transport, host, remoteUri) => {
  expect(parseLibvirtUri(text)).toMatchObject({ transport, host, remoteUri });
});

test('users, ports and parameters are decoded, and "+" is an ordinary sign', () => {
  const uri = parseLibvirtUri('qemu+ssh://j%40x@host:2222/system?Socket=/a+b%20c&keyfile=/k=1');
  expect(uri).toMatchObject({ driver: 'qemu', user: 'j@x', port: 2222, path: '/system' });
  expect([...uri.parameters]).toEqual([
    ['socket', '/a+b c'],
    ['keyfile', '/k=1'],
  ]);
});

test.each([
  '',
  'qemu',
  'qemu:',
  'qemu:/system',
  '/system',
  '//host/system',
  'qemu+://host/system',
  '+ssh://host/system',
  'qemu+ssh+tls://host/system',
  'qemu+ssh://-oProxyCommand=id/system',
  'qemu+ssh://%2DoProxyCommand=id/system',
  'qemu+ssh://host%20-v/system',
  'qemu+ssh://ho`id`st/system',
  'qemu+ssh://$(id)/system',
  'qemu+ssh://-lroot@host/system',
  'qemu+ssh://a%24%28id%29@host/system',
  'qemu+ssh://a%0ab@host/system',
  'qemu+ssh://user:secret@host/system',
  'qemu+ssh://host:port/system',
  'qemu+ssh://host:65536/system',
  'qemu+ssh://[::1/system',
  'qemu+ssh://user@/system',
  'qemu+ssh://host/system?socket=%',
  'qemu+ssh://host/system?socket=/a%0ab',
  'qemu+ssh://host/system?socket=/a%00b',
  'qemu+ssh://host/system?%zz=1',
  'qemu+ssh://ho\nst/system',
  ' qemu:///system',
  'qemu:///sys\ttem',
])('%j is refused', (text) => {
  expect(() => parseLibvirtUri(text)).toThrow(RangeError);
});

test('a password is not repeated in the error', () => {
  expect(() => parseLibvirtUri('qemu+ssh://user:secret@host/system')).toThrow(/^((?!secret).)*$/);
});

test('whatever is parsed is safe to hand to a program', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (user, host, rest) => {
      try {
        const uri = parseLibvirtUri(`qemu+ssh://${user}@${host}/${rest}`);
        expect(`${uri.host} ${uri.user}`).not.toMatch(/(^|\s)-|[`'"$;|&<>\p{Cc}]/u);
        expect(uri.remoteUri).not.toMatch(/\p{Cc}/u);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

test('switches are whole numbers, choices are of a few words', () => {
  const uri = parseLibvirtUri('qemu+ssh://host/system?no_verify=2&no_tty=0&no_sanity=yes&proxy=magic');
  expect(isSwitchedOn(uri, 'no_verify')).toBe(true);
  expect(isSwitchedOn(uri, 'no_tty')).toBe(false);
  expect(isSwitchedOn(uri, 'auth')).toBe(false);
  expect(() => isSwitchedOn(uri, 'no_sanity')).toThrow(RangeError);
  expect(choice(uri, 'mode', ['auto', 'direct'])).toBe('auto');
  expect(() => choice(uri, 'proxy', ['auto', 'native'])).toThrow(/auto, native/);
});
