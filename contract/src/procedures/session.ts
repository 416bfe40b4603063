import { z } from 'zod';
import { procedure } from '../procedure.ts';
import { sessionTokens } from '../records/session.ts';
import { user } from '../records/user.ts';

/** Shown in the list of sessions, e.g. "LIMEN 0.1 on laptop (Linux)". */
const device = z.string().max(128).default('unknown');

export const session = {
  signIn: procedure({
    permission: 'public',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/session/sign-in',
      summary: 'Sign in with a password',
    },
    // Not the strict username shape: a wrong name must cost and answer the same as a wrong password.
    input: z.object({
      username: z.string().max(256),
      password: z.string().max(1024),
      device,
    }),
    output: sessionTokens,
  }),
  pair: procedure({
    permission: 'public',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/session/pair',
      summary: 'Sign in with the one-time code of a pairing link',
    },
    input: z.object({ code: z.string().min(16).max(128), device }),
    output: sessionTokens,
  }),
  renew: procedure({
    permission: 'public',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/session/renew',
      summary: 'Trade a refresh token for new tokens',
    },
    input: z.object({ refreshToken: z.string().max(256) }),
    output: sessionTokens,
  }),
  signOut: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/session/sign-out',
      summary: 'End this session; its tokens stop working',
    },
    input: z.object({}),
    output: z.object({}),
  }),
  me: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/session', summary: 'Who am I' },
    input: z.object({}),
    output: user,
  }),
  createPairing: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/session/pairings',
      summary: 'Make a one-time pairing link for oneself',
    },
    input: z.object({}),
    output: z.object({ link: z.string(), expiresAt: z.iso.datetime() }),
  }),
};
