import {
  type ErrorData,
  LimenError,
  type SessionId,
  type SessionTokens,
  type User,
  type UserId,
} from '@limen/contract';
import type { Accounts } from '../ports/accounts.ts';
import type { Unsubscribe } from '../ports/hypervisor.ts';
import type { Logger } from '../ports/logger.ts';
import type { Passwords } from '../ports/passwords.ts';
import type { Principal } from '../ports/principal.ts';
import type { RotationResult, SessionStore } from '../ports/session-store.ts';
import type { ClientInfo, Sessions } from '../ports/sessions.ts';
import type { AccessTokens, SecretTokens } from '../ports/tokens.ts';
import { SessionActivity } from './session-activity.ts';
import { type Attempt, SignInThrottle } from './sign-in-throttle.ts';

const PAIRING_LIFETIME_MS = 10 * 60_000;
/**
 * How long the same successor is handed out again, and only while nobody has used it: long enough for the answer to
 * be lost in a network that was cut for a minute, or the cut would sign people out.
 */
const REUSE_GRACE_MS = 120_000;
/** Throttling key of pairing codes; no account can have this name. */
const PAIRING = ':pairing';

export interface SessionServiceDependencies {
  readonly accounts: Accounts;
  readonly store: SessionStore;
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
  readonly secrets: SecretTokens;
  readonly logger: Logger;
  readonly lifetimes: { readonly accessMs: number; readonly refreshMs: number };
}

export class SessionService implements Sessions {
  readonly #deps: SessionServiceDependencies;
  readonly #throttle = new SignInThrottle();
  readonly #activity: SessionActivity;

  constructor(dependencies: SessionServiceDependencies) {
    this.#deps = dependencies;
    this.#activity = new SessionActivity(dependencies.lifetimes.accessMs);
  }

  async signIn(
    credentials: { username: string; password: string },
    client: ClientInfo,
  ): Promise<SessionTokens> {
    const username = credentials.username.trim().toLowerCase();
    const attempt = this.#throttle.begin(username, client.address);
    const user = await judged(attempt, () => this.#checkPassword(username, credentials.password));
    return this.#begin(user, client);
  }

  async pair(code: string, client: ClientInfo): Promise<SessionTokens> {
    const { secrets, store } = this.#deps;
    const attempt = this.#throttle.begin(PAIRING, client.address);
    const user = await judged(attempt, () => store.redeemPairing(secrets.digest(code), new Date()));
    return this.#begin(user, client);
  }

  async renew(refreshToken: string, client: ClientInfo): Promise<SessionTokens> {
    const { secrets, store, logger, lifetimes } = this.#deps;
    const now = new Date();
    const successor = secrets.successor(refreshToken);
    const result = await store.rotate({
      spentDigest: secrets.digest(refreshToken),
      successorDigest: secrets.digest(successor),
      address: client.address,
      now,
      expiresAt: new Date(now.getTime() + lifetimes.refreshMs),
      graceMs: REUSE_GRACE_MS,
    });
    if (result.outcome === 'rotated') {
      return this.#tokens(result.sessionId, result.user, {
        token: successor,
        expiresAt: result.expiresAt,
      });
    }
    if (result.outcome === 'reused') {
      const { sessionId, userId } = result;
      logger.warn(
        { sessionId, userId, address: client.address },
        'a spent refresh token came back; session revoked',
      );
      this.#activity.markRevoked(sessionId);
    }
    throw unauthenticated(refusalReason(result.outcome));
  }

  async signOut(sessionId: SessionId): Promise<void> {
    await this.#deps.store.revoke(sessionId, 'signed out');
    this.#activity.markRevoked(sessionId);
  }

  async createPairing(userId: UserId): Promise<{ code: string; expiresAt: Date }> {
    const { secrets, store } = this.#deps;
    const code = secrets.mint();
    const expiresAt = new Date(Date.now() + PAIRING_LIFETIME_MS);
    await store.createPairing({
      userId,
      codeDigest: secrets.digest(code),
      expiresAt,
    });
    return { code, expiresAt };
  }

  async verify(accessToken: string): Promise<Principal> {
    const principal = await this.#deps.accessTokens.verify(accessToken);
    const { sessionId } = principal;
    if (this.#activity.isActive(sessionId) === undefined && (await this.#deps.store.isActive(sessionId))) {
      this.#activity.markActive(sessionId);
    }
    // Asked again: it may have been revoked while the store was answering.
    if (this.#activity.isActive(sessionId) !== true) throw unauthenticated('revoked');
    return principal;
  }

  onRevoked(listener: (sessionId: SessionId) => void): Unsubscribe {
    return this.#activity.onRevoked(listener);
  }

  async #checkPassword(username: string, password: string): Promise<User | null> {
    const { accounts, passwords, logger } = this.#deps;
    const found = await accounts.findCredentials(username);
    if (!(await passwords.verify(found?.passwordHash ?? null, password)) || found === null) return null;
    const { user, passwordHash } = found;
    if (passwords.isOutdated(passwordHash)) {
      // The only moment the password is known. Not worth failing a sign-in for.
      await passwords
        .hash(password)
        .then((hash) => accounts.setPasswordHash(user.id, hash))
        .catch((error: unknown) =>
          logger.warn({ userId: user.id, err: error }, 'could not renew a password hash'),
        );
    }
    return user;
  }

  async #begin(user: User, { device, address }: ClientInfo): Promise<SessionTokens> {
    const { secrets, store, lifetimes } = this.#deps;
    const token = secrets.mint();
    const expiresAt = new Date(Date.now() + lifetimes.refreshMs);
    const sessionId = await store.create({
      userId: user.id,
      device,
      address,
      tokenDigest: secrets.digest(token),
      expiresAt,
    });
    return this.#tokens(sessionId, user, { token, expiresAt });
  }

  async #tokens(
    sessionId: SessionId,
    user: User,
    refresh: { token: string; expiresAt: Date },
  ): Promise<SessionTokens> {
    const { id, username, role } = user;
    const access = await this.#deps.accessTokens.issue({
      userId: id,
      username,
      role,
      sessionId,
    });
    this.#activity.markActive(sessionId);
    return {
      accessToken: access.token,
      accessTokenExpiresAt: access.expiresAt.toISOString(),
      refreshToken: refresh.token,
      refreshTokenExpiresAt: refresh.expiresAt.toISOString(),
      user,
    };
  }
}

/** Let the throttle know how the attempt went; null from `judge` is a wrong secret. */
async function judged(attempt: Attempt, judge: () => Promise<User | null>): Promise<User> {
  let user: User | null;
  try {
    user = await judge();
  } catch (error) {
    attempt.cancelled();
    throw error;
  }
  if (user === null) throw unauthenticated('wrong-credentials');
  attempt.succeeded();
  return user;
}

type Reason = ErrorData<'UNAUTHENTICATED'>['reason'];

function refusalReason(outcome: Exclude<RotationResult['outcome'], 'rotated'>): Reason {
  switch (outcome) {
    case 'unknown':
      return 'invalid';
    case 'expired':
      return 'expired';
    case 'revoked':
    case 'reused':
      return 'revoked';
  }
}

function unauthenticated(reason: Reason): LimenError {
  return new LimenError('UNAUTHENTICATED', { reason });
}
