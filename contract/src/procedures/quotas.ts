import { z } from 'zod';
import { userId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import { quota, quotaLimits } from '../records/creation.ts';

export const quotas = {
  own: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/quotas/own', summary: 'What the caller may have, and has' },
    input: z.object({}),
    output: quota,
  }),
  list: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/quotas', summary: 'Every user’s quota and use, and the default' },
    input: z.object({}),
    output: z.object({ default: quotaLimits, users: z.array(quota) }),
  }),
  set: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'PUT',
      path: '/quotas/{userId}',
      summary: 'Set a user’s limits; null limits put the default in force again',
    },
    input: z.object({ userId, limits: quotaLimits.nullable() }),
    output: quota,
  }),
  setDefault: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'PUT',
      path: '/quotas/default',
      summary: 'Set the limits of everybody who has none of their own',
    },
    input: z.object({ limits: quotaLimits }),
    output: quotaLimits,
  }),
};
