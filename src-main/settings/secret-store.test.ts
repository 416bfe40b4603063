import type { HostLinkId } from '@limen/contract';
import { expect, test } from 'vitest';
import { SecretStore, type Keyring, type SecretFile } from './secret-store.ts';

const linkId = 'c0000000-0000-4000-8000-000000000001' as HostLinkId;

function keyring(available: boolean): Keyring {
  return {
    available,
    encrypt: (text) => Buffer.from(`locked:${Buffer.from(text).toString('hex')}`),
    decrypt: (data) => {
      const text = data.toString();
      if (!text.startsWith('locked:')) throw new Error('another keyring');
      return Buffer.from(text.slice('locked:'.length), 'hex').toString();
    },
  };
}

function disk(initial: SecretFile = {}) {
  let file = initial;
  return {
    read: () => file,
    write: (secrets: SecretFile) => {
      file = secrets;
    },
  };
}

test('a kept token survives a restart, encrypted', () => {
  const file = disk();
  const before = new SecretStore(keyring(true), file).forLink(linkId);
  before.keep(true);
  before.write('token-1');
  expect(JSON.stringify(file.read())).not.toContain('token-1');
  const after = new SecretStore(keyring(true), file).forLink(linkId);
  expect(after.read()).toBe('token-1');
  after.write('token-2');
  expect(new SecretStore(keyring(true), file).forLink(linkId).read()).toBe('token-2');
});

test('a token that is not to be kept never reaches the disk, and takes an older one with it', () => {
  const file = disk();
  const tokens = new SecretStore(keyring(true), file).forLink(linkId);
  tokens.keep(true);
  tokens.write('token-1');
  tokens.keep(false);
  tokens.write('token-2');
  expect(tokens.read()).toBe('token-2');
  expect(file.read()).toEqual({});
});

test('without a keyring everything stays in memory, and that is said', () => {
  const file = disk();
  const store = new SecretStore(keyring(false), file);
  const tokens = store.forLink(linkId);
  tokens.keep(true);
  tokens.write('token-1');
  expect(store.kind).toBe('session-only');
  expect(tokens.read()).toBe('token-1');
  expect(file.read()).toEqual({});
});

test('what another keyring wrote is dropped, not an error', () => {
  const file = disk({ [linkId]: Buffer.from('foreign').toString('base64') });
  expect(new SecretStore(keyring(true), file).forLink(linkId).read()).toBeNull();
  expect(file.read()).toEqual({});
});
