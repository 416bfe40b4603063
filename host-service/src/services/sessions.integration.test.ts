import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { hostId, type LimenError, type SessionId, sessionId as sessionIdSchema } from '@limen/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  databaseKinds,
  silentLogger,
  startDatabase,
  type TestDatabase,
} from '../../../tests/fixtures/databases.ts';
import { createAccessTokens } from '../auth/access-tokens.ts';
import { createPasswords } from '../auth/argon2-passwords.ts';
import { createSecretTokens } from '../auth/secret-tokens.ts';
import { AccountRepository } from '../database/repositories/accounts.ts';
import { SessionRepository } from '../database/repositories/sessions.ts';
import type { Passwords } from '../ports/passwords.ts';
import { ensureAdministrator } from './first-administrator.ts';
import { SessionService } from './sessions.ts';
import { UserService } from './users.ts';

const client = { device: 'LIMEN on laptop', address: '192.0.2.1' };
const password = 'correct horse battery';
const MINUTE = 60_000;
const lifetimes = { accessMs: 15 * MINUTE, refreshMs: 30 * 24 * 60 * MINUTE };
const keys = generateKeyPairSync('ed25519');
const rotationKey = randomBytes(32);
const thisHost = hostId.parse(randomUUID());

let passwords: Passwords;
beforeAll(async () => {
  passwords = await createPasswords({ memoryKiB: 19_456, iterations: 2, parallelism: 1 });
});
afterEach(() => vi.useRealTimers());

/** Let time pass for what asks for it; timers and the database go on as they are. */
function advance(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}

async function refusal(work: Promise<unknown>): Promise<Pick<LimenError, 'code' | 'data'>> {
  return work.then(
    () => Promise.reject(new Error('it was accepted')),
    ({ code, data }: LimenError) => ({ code, data }),
  );
}

const refused = (reason: string) => ({ code: 'UNAUTHENTICATED', data: { reason } });

describe.each(databaseKinds)('on %s', (kind) => {
  let started: TestDatabase;
  let accounts: AccountRepository;
  let users: UserService;
  let sessions: SessionService;
  let username: string;

  beforeAll(async () => {
    started = await startDatabase(kind);
    accounts = new AccountRepository(started.database);
    users = new UserService(accounts, passwords);
  });
  afterAll(() => started.stop());
  beforeEach(async () => {
    sessions = await startSessions();
    username = `user-${randomBytes(4).toString('hex')}`;
    await users.create({ username, password, role: 'user' });
  });

  /** As after a start of the process: nothing remembered but what the database has. */
  async function startSessions(host = thisHost): Promise<SessionService> {
    return new SessionService({
      accounts,
      store: new SessionRepository(started.database, host),
      passwords,
      accessTokens: await createAccessTokens({
        hostId: host,
        signingKey: keys.privateKey,
        verificationKey: keys.publicKey,
        lifetimeMs: lifetimes.accessMs,
      }),
      secrets: createSecretTokens(rotationKey),
      logger: silentLogger,
      lifetimes,
    });
  }

  const signIn = () => sessions.signIn({ username, password }, client);

  async function pairingCode(): Promise<string> {
    const { user } = await signIn();
    return (await sessions.createPairing(user.id)).code;
  }

  async function sessionOf(accessToken: string): Promise<SessionId> {
    return sessionIdSchema.parse((await sessions.verify(accessToken)).sessionId);
  }

  describe('first run', () => {
    test('of several at once makes exactly one administrator, whose password works', async () => {
      const made = await Promise.all([1, 2, 3].map(() => ensureAdministrator(accounts, passwords, 'admin')));
      const [administrator, ...others] = made.filter((one) => one !== null);
      expect(others).toEqual([]);
      expect(administrator?.password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
      const tokens = await sessions.signIn(
        { username: 'admin', password: administrator?.password ?? '' },
        client,
      );
      expect(tokens.user.role).toBe('administrator');
      expect(await ensureAdministrator(accounts, passwords, 'admin')).toBeNull();
    });
  });

  describe('signing in', () => {
    test('yields tokens that say who it is; the name may be typed in any case', async () => {
      const tokens = await sessions.signIn({ username: ` ${username.toUpperCase()} `, password }, client);
      expect(tokens.user).toMatchObject({ username, role: 'user' });
      expect(await sessions.verify(tokens.accessToken)).toMatchObject({ username, role: 'user' });
    });

    test('a wrong password and an unknown name get the same answer', async () => {
      const wrong = await refusal(sessions.signIn({ username, password: 'wrong' }, client));
      expect(wrong).toEqual(refused('wrong-credentials'));
      expect(await refusal(sessions.signIn({ username: 'nobody', password }, client))).toEqual(wrong);
      expect(await refusal(sessions.signIn({ username: 'no\0body', password }, client))).toEqual(wrong);
    });

    test('is slowed down after five wrong passwords, also for the right one', async () => {
      for (let i = 0; i < 5; i += 1) await refusal(sessions.signIn({ username, password: 'wrong' }, client));
      expect(await refusal(signIn())).toEqual({ code: 'RATE_LIMITED', data: { retryAfterSeconds: 1 } });
      advance(1_001);
      expect((await signIn()).user.username).toBe(username);
    });

    test('with the right password never counts against anyone', async () => {
      for (let i = 0; i < 7; i += 1) expect((await signIn()).user.username).toBe(username);
    });

    test('renews a hash made with other parameters', async () => {
      const old = await createPasswords({ memoryKiB: 19_456, iterations: 3, parallelism: 1 });
      const name = `${username}-old`;
      await accounts.create({ username: name, passwordHash: await old.hash(password), role: 'user' });
      await sessions.signIn({ username: name, password }, client);
      const renewed = await accounts.findCredentials(name);
      expect(passwords.isOutdated(renewed?.passwordHash ?? '')).toBe(false);
      expect((await sessions.signIn({ username: name, password }, client)).user.username).toBe(name);
    });
  });

  describe('renewal', () => {
    test('gives new tokens; the session stays the same', async () => {
      const first = await signIn();
      advance(MINUTE);
      const second = await sessions.renew(first.refreshToken, client);
      expect(second.refreshToken).not.toBe(first.refreshToken);
      expect(await sessionOf(second.accessToken)).toBe(await sessionOf(first.accessToken));
      expect(Date.parse(second.refreshTokenExpiresAt)).toBeGreaterThan(
        Date.parse(first.refreshTokenExpiresAt),
      );
      expect((await sessions.renew(second.refreshToken, client)).user.username).toBe(username);
    });

    test('ten at once agree on one successor, which then works', async () => {
      const { refreshToken } = await signIn();
      const renewed = await Promise.all(
        Array.from({ length: 10 }, () => sessions.renew(refreshToken, client)),
      );
      expect(new Set(renewed.map((tokens) => tokens.refreshToken)).size).toBe(1);
      const next = await sessions.renew(renewed[0]?.refreshToken ?? '', client);
      expect((await sessions.verify(next.accessToken)).username).toBe(username);
    });

    test('asked for again within two minutes gets the same successor, also after a restart', async () => {
      const { refreshToken } = await signIn();
      const first = await sessions.renew(refreshToken, client);
      advance(119_000);
      sessions = await startSessions();
      expect((await sessions.renew(refreshToken, client)).refreshToken).toBe(first.refreshToken);
    });

    test('with a token spent longer ago ends the whole session', async () => {
      const { refreshToken: stolen } = await signIn();
      const honest = await sessions.renew(stolen, client);
      const revoked: SessionId[] = [];
      sessions.onRevoked((id) => revoked.push(id));
      const id = await sessionOf(honest.accessToken);
      advance(120_001);
      expect(await refusal(sessions.renew(stolen, client))).toEqual(refused('revoked'));
      expect(revoked).toEqual([id]);
      expect(await refusal(sessions.renew(honest.refreshToken, client))).toEqual(refused('revoked'));
      expect(await refusal(sessions.verify(honest.accessToken))).toEqual(refused('revoked'));
    });

    test('with a token whose successor is spent already ends it at once', async () => {
      const { refreshToken: stolen } = await signIn();
      const second = await sessions.renew(stolen, client);
      await sessions.renew(second.refreshToken, client);
      expect(await refusal(sessions.renew(stolen, client))).toEqual(refused('revoked'));
    });

    test('with a token that is made up, expired or another host’s is refused', async () => {
      const { refreshToken } = await signIn();
      expect(await refusal(sessions.renew(randomBytes(32).toString('base64url'), client))).toEqual(
        refused('invalid'),
      );
      const otherHost = await startSessions(hostId.parse(randomUUID()));
      expect(await refusal(otherHost.renew(refreshToken, client))).toEqual(refused('invalid'));
      advance(lifetimes.refreshMs + MINUTE);
      expect(await refusal(sessions.renew(refreshToken, client))).toEqual(refused('expired'));
    });
  });

  describe('the end of a session', () => {
    test('holds at once, for both tokens, and after a restart', async () => {
      const { accessToken, refreshToken } = await signIn();
      const revoked: SessionId[] = [];
      sessions.onRevoked((id) => revoked.push(id));
      const id = await sessionOf(accessToken);
      await sessions.signOut(id);
      expect(revoked).toEqual([id]);
      for (const service of [sessions, await startSessions()]) {
        expect(await refusal(service.verify(accessToken))).toEqual(refused('revoked'));
        expect(await refusal(service.renew(refreshToken, client))).toEqual(refused('revoked'));
      }
    });

    test('leaves other sessions of the same user alone', async () => {
      const [laptop, desktop] = [await signIn(), await signIn()];
      await sessions.signOut(await sessionOf(laptop.accessToken));
      expect((await sessions.verify(desktop.accessToken)).username).toBe(username);
    });

    test('a session that goes on is accepted after a restart', async () => {
      const { accessToken } = await signIn();
      expect((await (await startSessions()).verify(accessToken)).username).toBe(username);
    });

    test('what ended long ago is forgotten, what lives is kept', async () => {
      const [over, living] = [await signIn(), await signIn()];
      await sessions.signOut(await sessionOf(over.accessToken));
      const store = new SessionRepository(started.database, thisHost);
      expect(await store.prune(new Date(Date.now() + MINUTE))).toBeGreaterThan(0);
      expect(await refusal(sessions.renew(over.refreshToken, client))).toEqual(refused('invalid'));
      expect((await sessions.renew(living.refreshToken, client)).user.username).toBe(username);
    });
  });

  describe('a pairing code', () => {
    test('signs its maker in, once, even when ten try at the same time', async () => {
      const code = await pairingCode();
      const service = sessions;
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, n) => service.pair(code, { device: 'x', address: `198.51.100.${n}` })),
      );
      const signedIn = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      expect(signedIn).toHaveLength(1);
      expect(signedIn[0]?.value.user.username).toBe(username);
    });

    test('is worth nothing after ten minutes', async () => {
      const code = await pairingCode();
      advance(10 * MINUTE + 1);
      expect(await refusal(sessions.pair(code, client))).toEqual(refused('wrong-credentials'));
    });

    test('cannot be guessed at full speed', async () => {
      const guess = randomBytes(32).toString('base64url');
      for (let i = 0; i < 5; i += 1) {
        expect(await refusal(sessions.pair(guess, client))).toEqual(refused('wrong-credentials'));
      }
      expect((await refusal(sessions.pair(guess, client))).code).toBe('RATE_LIMITED');
    });
  });

  test('two accounts cannot have one name', async () => {
    expect(await refusal(users.create({ username, password, role: 'user' }))).toEqual({
      code: 'CONFLICT',
      data: { reason: 'name-taken' },
    });
  });
});
