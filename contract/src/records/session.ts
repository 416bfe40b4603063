import { z } from 'zod';
import { user } from './user.ts';

/** What signing in yields. The refresh token is opaque, single-use and rotates at every renewal. */
export const sessionTokens = z.object({
  accessToken: z.string(),
  accessTokenExpiresAt: z.iso.datetime(),
  refreshToken: z.string(),
  refreshTokenExpiresAt: z.iso.datetime(),
  user,
});
export type SessionTokens = z.infer<typeof sessionTokens>;
