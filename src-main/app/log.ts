import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino, type Logger } from 'pino';

const ROTATE_AT_BYTES = 1 << 20;

/**
 * The log of the desktop: JSON lines in `<user data>/logs/limen.log`, one older file kept. Callers never hand it
 * inputs of calls or anything of a session, so there is nothing in it to redact.
 */
export function openLog(userData: string): Logger {
  const folder = join(userData, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'limen.log');
  rotate(file);
  return pino(
    { base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    destination({ dest: file, sync: true }),
  );
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_AT_BYTES) renameSync(file, `${file}.old`);
}
