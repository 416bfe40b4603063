import type { KeyObject } from 'node:crypto';
import { type HostId, LimenError, role, sessionId, userId } from '@limen/contract';
import { calculateJwkThumbprint, errors, exportJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { AccessClaims, AccessTokens } from '../ports/tokens.ts';

const ISSUER = 'limen';
const ALGORITHM = 'EdDSA';
/** RFC 9068: tells an access token from any other JWT the same key might ever sign. */
const TYPE = 'at+jwt';

const claims = z.object({
  sub: userId,
  name: z.string(),
  role,
  sid: sessionId,
  exp: z.number(),
});

export interface AccessTokenOptions {
  /** The audience: a token made by one host is worth nothing at another. */
  readonly hostId: HostId;
  readonly signingKey: KeyObject;
  readonly verificationKey: KeyObject;
  readonly lifetimeMs: number;
}

/** Access tokens as JWTs signed with this host's Ed25519 key (RFC 8037, RFC 9068). */
export async function createAccessTokens(options: AccessTokenOptions): Promise<AccessTokens> {
  const { hostId, signingKey, verificationKey, lifetimeMs } = options;
  const keyId = await calculateJwkThumbprint(await exportJWK(verificationKey));

  return {
    async issue({ userId, username, role, sessionId }: AccessClaims) {
      const issuedAt = Math.floor(Date.now() / 1000);
      const expiresAt = issuedAt + Math.floor(lifetimeMs / 1000);
      const token = await new SignJWT({ name: username, role, sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: keyId })
        .setIssuer(ISSUER)
        .setAudience(hostId)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(signingKey);
      return { token, expiresAt: new Date(expiresAt * 1000) };
    },

    async verify(token: string) {
      try {
        const { payload } = await jwtVerify(token, verificationKey, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: ISSUER,
          audience: hostId,
          requiredClaims: ['exp', 'sub', 'sid'],
        });
        const { sub, name, role, sid, exp } = claims.parse(payload);
        return { userId: sub, username: name, role, sessionId: sid, expiresAt: exp * 1000 };
      } catch (error) {
        const reason = error instanceof errors.JWTExpired ? 'expired' : 'invalid';
        throw new LimenError('UNAUTHENTICATED', { reason }, { cause: error });
      }
    },
  };
}
