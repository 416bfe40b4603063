import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { hostId, LimenError, sessionId, userId } from '@limen/contract';
import { SignJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AccessTokens } from '../ports/tokens.ts';
import { createAccessTokens } from './access-tokens.ts';

const keys = generateKeyPairSync('ed25519');
const thisHost = hostId.parse(randomUUID());
const claims = {
  userId: userId.parse(randomUUID()),
  username: 'ada',
  role: 'user',
  sessionId: sessionId.parse(randomUUID()),
} as const;
const lifetimeMs = 15 * 60_000;
let tokens: AccessTokens;

beforeAll(async () => {
  const { privateKey: signingKey, publicKey: verificationKey } = keys;
  tokens = await createAccessTokens({ hostId: thisHost, signingKey, verificationKey, lifetimeMs });
});
afterEach(() => vi.useRealTimers());

async function refusal(token: string): Promise<string> {
  try {
    await tokens.verify(token);
  } catch (error) {
    if (LimenError.is(error, 'UNAUTHENTICATED')) return error.data.reason;
    throw error;
  }
  throw new Error('the token was accepted');
}

/** A token right in everything but what a test changes. */
function forge(
  change: (jwt: SignJWT) => SignJWT = (jwt) => jwt.setExpirationTime('5m'),
  { key = keys.privateKey, type = 'at+jwt' } = {},
): Promise<string> {
  const jwt = new SignJWT({ name: 'ada', role: 'user', sid: claims.sessionId })
    .setProtectedHeader({ alg: 'EdDSA', typ: type })
    .setIssuer('limen')
    .setAudience(thisHost)
    .setSubject(claims.userId)
    .setIssuedAt();
  return change(jwt).sign(key);
}

test('a token carries who it is for and until when', async () => {
  const { token, expiresAt } = await tokens.issue(claims);
  expect(await tokens.verify(token)).toEqual({ ...claims, expiresAt: expiresAt.getTime() });
  expect(Math.abs(expiresAt.getTime() - Date.now() - lifetimeMs)).toBeLessThan(2_000);
});

test('the hand-made token of these tests is accepted unchanged', async () => {
  expect((await tokens.verify(await forge())).username).toBe('ada');
});

test('an expired token says so', async () => {
  const { token } = await tokens.issue(claims);
  vi.useFakeTimers({ now: Date.now() + lifetimeMs + 1_000 });
  expect(await refusal(token)).toBe('expired');
});

describe('refused as invalid', () => {
  test('signed with another key', async () => {
    const { privateKey: key } = generateKeyPairSync('ed25519');
    expect(await refusal(await forge(undefined, { key }))).toBe('invalid');
  });

  test('made for another host with the same key', async () => {
    expect(await refusal(await forge((jwt) => jwt.setAudience(randomUUID()).setExpirationTime('5m')))).toBe(
      'invalid',
    );
  });

  test('from another issuer', async () => {
    expect(await refusal(await forge((jwt) => jwt.setIssuer('somebody').setExpirationTime('5m')))).toBe(
      'invalid',
    );
  });

  test('of another type', async () => {
    expect(await refusal(await forge(undefined, { type: 'JWT' }))).toBe('invalid');
  });

  test('without an end', async () => {
    expect(await refusal(await forge((jwt) => jwt))).toBe('invalid');
  });

  test('a changed role under the old signature', async () => {
    const [header, payload, signature] = (await tokens.issue(claims)).token.split('.');
    const changed = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Record<string, unknown>;
    changed['role'] = 'administrator';
    const body = Buffer.from(JSON.stringify(changed)).toString('base64url');
    expect(await refusal(`${header}.${body}.${signature}`)).toBe('invalid');
  });

  test('algorithm "none"', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const [, payload] = (await tokens.issue(claims)).token.split('.');
    expect(await refusal(`${header}.${payload}.`)).toBe('invalid');
  });

  test('junk', async () => {
    for (const junk of ['', '.', 'a.b.c', 'x'.repeat(10_000)]) expect(await refusal(junk)).toBe('invalid');
  });
});
