import { expect, test } from 'vitest';
import { emptyPool, isFieldValid, type PoolForm, sourceOf } from './pool-form.ts';

const form = (values: Partial<PoolForm>): PoolForm => ({ ...emptyPool, name: 'pool', ...values });

test('each kind becomes the source it is', () => {
  expect(sourceOf(form({ path: '/srv/disks' }))).toEqual({ type: 'dir', path: '/srv/disks' });
  const nfs = { type: 'netfs', host: 'nas', directory: '/export', path: '/mnt/nas' } as const;
  expect(sourceOf(form(nfs))).toEqual({ ...nfs, format: 'nfs' });
  expect(sourceOf(form({ type: 'logical', volumeGroup: 'vg0' }))).toEqual({
    type: 'logical',
    volumeGroup: 'vg0',
  });
  expect(sourceOf(form({ type: 'rbd', host: 'mon-1:6789, mon-2', poolName: 'vms' }))).toEqual({
    type: 'rbd',
    hosts: [{ name: 'mon-1', port: 6789 }, { name: 'mon-2' }],
    poolName: 'vms',
  });
});

test('what cannot be is told of the field it is in', () => {
  const bad = form({ type: 'netfs', host: 'nas; rm', directory: '/export', path: 'relative' });
  expect(sourceOf(bad)).toBeNull();
  expect(isFieldValid(bad, 'host')).toBe(false);
  expect(isFieldValid(bad, 'path')).toBe(false);
  expect(isFieldValid(bad, 'directory')).toBe(true);
  expect(isFieldValid(form({ type: 'rbd', host: '' }), 'host')).toBe(false);
});

test('a user needs a secret, and a secret a user', () => {
  const open = form({ type: 'iscsi', host: 'san', target: 'iqn.2026-01.example:disks' });
  expect(sourceOf(open)).not.toBeNull();
  const half = { ...open, username: 'limen' };
  expect(isFieldValid(half, 'secretUuid')).toBe(false);
  expect(isFieldValid(half, 'username')).toBe(true);
  expect(sourceOf(half)).toBeNull();
});
