import { describe, expect, it } from 'vitest';
import { isAllowed, type Permission } from './permissions.ts';

const all: Permission[] = [
  'public',
  'signed-in',
  'administrator',
  'machine:view',
  'machine:operate',
  'machine:console',
];

function allowed(role: 'administrator' | 'user' | undefined, owns: boolean): Permission[] {
  return all.filter((permission) => isAllowed(permission, role, owns));
}

describe('isAllowed', () => {
  it('gives a stranger what is public, even on a machine', () => {
    expect(allowed(undefined, true)).toEqual(['public']);
  });

  it('gives a user their own machines and nothing administrative', () => {
    expect(allowed('user', false)).toEqual(['public', 'signed-in']);
    expect(allowed('user', true)).toEqual([
      'public',
      'signed-in',
      'machine:view',
      'machine:operate',
      'machine:console',
    ]);
  });

  it('gives an administrator everything', () => {
    expect(allowed('administrator', false)).toEqual(all);
  });
});
