import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { SecretTokens } from '../ports/tokens.ts';

/** @param rotationKey 32 bytes only this host has */
export function createSecretTokens(rotationKey: Buffer): SecretTokens {
  return {
    mint: () => randomBytes(32).toString('base64url'),
    digest: (token) => createHash('sha256').update(token).digest(),
    successor: (token) =>
      createHmac('sha256', rotationKey).update('refresh:').update(token).digest('base64url'),
  };
}
