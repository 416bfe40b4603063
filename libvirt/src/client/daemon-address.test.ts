import { expect, test } from 'vitest';
import { backoffDelay } from './backoff.ts';
import { resolveDaemon } from './daemon-address.ts';

test('the modular daemon is tried before libvirtd', () => {
  expect(resolveDaemon('qemu:///system')).toEqual({
    uri: 'qemu:///system',
    socketPaths: ['/run/libvirt/virtqemud-sock', '/run/libvirt/libvirt-sock'],
  });
  expect(resolveDaemon('test:///default', { readOnly: true }).socketPaths).toEqual([
    '/run/libvirt/libvirt-sock-ro',
  ]);
});

test('a named socket is the only one, and no business of the daemon', () => {
  const expected = { uri: 'qemu:///system', socketPaths: ['/tmp/sock'] };
  expect(resolveDaemon('qemu+unix:///system?socket=/tmp/sock')).toEqual(expected);
  expect(resolveDaemon('qemu:///system', { socketPath: '/tmp/sock' })).toEqual(expected);
});

test.each(['qemu+ssh://host/system', 'qemu://host/system', 'qemu+tls:///system', 'qemu', ''])(
  '%s is not local',
  (uri) => {
    expect(() => resolveDaemon(uri)).toThrow(RangeError);
  },
);

test('waiting doubles up to its maximum, the upper half by chance', () => {
  const options = { initialMs: 100, maximumMs: 5_000 };
  expect([0, 1, 2, 10, 1000].map((attempt) => backoffDelay(attempt, options, () => 1))).toEqual([
    100, 200, 400, 5_000, 5_000,
  ]);
  expect(backoffDelay(3, options, () => 0)).toBe(400);
});
