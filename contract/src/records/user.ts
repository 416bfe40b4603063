import { z } from 'zod';
import { userId } from '../ids.ts';

export const role = z.enum(['administrator', 'user']);
export type Role = z.infer<typeof role>;

/** Sign-in names: what POSIX user names allow, so that one name fits everywhere. */
export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z_][a-z0-9_.-]{0,31}$/);

/** NIST SP 800-63B: length is what counts; 1,024 bounds the hashing work. */
export const newPassword = z.string().min(10).max(1024);

export const user = z.object({
  id: userId,
  username: z.string(),
  role,
  createdAt: z.iso.datetime(),
});
export type User = z.infer<typeof user>;
