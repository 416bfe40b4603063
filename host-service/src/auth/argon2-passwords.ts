import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '../ports/passwords.ts';
import { WorkQueue } from './work-queue.ts';

export interface Argon2Parameters {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** Two at a time keep the memory of a flood of sign-ins at twice the configured cost. */
const LIMITS = { concurrency: 2, waiting: 32 };

/** argon2id (RFC 9106) off the main thread. */
export async function createPasswords(parameters: Argon2Parameters): Promise<Passwords> {
  const queue = new WorkQueue(LIMITS);
  // The variant is the library's default, argon2id; its own enum is a `const enum` no isolated module can read.
  const options = {
    memoryCost: parameters.memoryKiB,
    timeCost: parameters.iterations,
    parallelism: parameters.parallelism,
  };
  const nobodysHash = await hash(randomBytes(32), options);
  const { memoryKiB, iterations, parallelism } = parameters;
  const current = `$argon2id$v=19$m=${memoryKiB},t=${iterations},p=${parallelism}$`;

  return {
    hash: (password) => queue.run(() => hash(password.normalize('NFKC'), options)),
    verify: async (stored, password) => {
      const matches = await queue.run(() => verify(stored ?? nobodysHash, password.normalize('NFKC')));
      return stored !== null && matches;
    },
    isOutdated: (stored) => !stored.startsWith(current),
  };
}
