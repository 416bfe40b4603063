import { expect, test } from 'vitest';
import { refusedPoolFolder } from './pool-paths.ts';

const own = ['/var/lib/libvirt/limen', '/var/lib/limen'];

test.each([
  '/',
  '//',
  '/etc',
  '/etc/libvirt',
  '/proc/self',
  '/dev/shm',
  '/run/user',
  '/usr/local/disks',
  '/var',
  '/var/lib',
  '/var/log/disks',
  '/home',
  '/tmp/',
  'relative/path',
  '',
  '/srv/../etc',
  '/srv/disks/..',
  '/srv/\0disks',
  '/var/lib/libvirt/limen',
  '/var/lib/libvirt/limen/machines',
  '/var/lib/libvirt',
  '/var/lib/limen/keys',
])('%j is no place for a pool', (path) => {
  expect(refusedPoolFolder(path, own)).toEqual(expect.any(String));
});

test.each([
  '/srv/disks',
  '/mnt/nas',
  '/home/kim/disks',
  '/var/lib/libvirt/images',
  '/tmp/x/images',
  '/etcetera',
])('%j is one', (path) => {
  expect(refusedPoolFolder(path, own)).toBeNull();
});

test('a sibling whose name only begins the same is none of ours', () => {
  expect(refusedPoolFolder('/var/lib/libvirt/limen-2', own)).toBeNull();
  expect(refusedPoolFolder('/var/lib/libvirt/..limen', own)).toBeNull();
});
