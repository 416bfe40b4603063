import { z } from 'zod';
import { procedure } from '../procedure.ts';
import { newPassword, role, user, username } from '../records/user.ts';

export const users = {
  list: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/users', summary: 'All user accounts' },
    input: z.object({}),
    output: z.array(user),
  }),
  create: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: { method: 'POST', path: '/users', summary: 'Create a user account' },
    input: z.object({
      username,
      password: newPassword,
      role: role.default('user'),
    }),
    output: user,
  }),
};
