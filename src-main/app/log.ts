import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROTATE_AT_BYTES = 1 << 20;

export interface Log {
  /** Something went wrong that was dealt with. */
  warn(what: string, detail?: object): void;
  /** Something went wrong that nobody expected. */
  error(what: string, error: unknown): void;
}

/**
 * The log of the desktop: JSON lines in `<user data>/logs/limen.log`, one older file kept. It holds a few lines a
 * day, so it is written synchronously and nothing is lost in a crash. Callers never hand it inputs of calls or
 * anything of a session, so there is nothing in it to redact. (Our own, because pino 10 needs Node 18.19 and the
 * oldest Electron we run on has 18.15.)
 */
export function openLog(userData: string): Log {
  const folder = join(userData, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'limen.log');
  rotate(file);
  const write = (level: 'warn' | 'error', message: string, detail: object): void => {
    try {
      appendFileSync(
        file,
        `${JSON.stringify({ time: new Date().toISOString(), level, message, ...detail }, plain)}\n`,
        { mode: 0o600 },
      );
    } catch {
      // A full disk is no reason to fail at what was being done.
    }
  };
  return {
    warn: (what, detail = {}) => write('warn', what, detail),
    error: (what, error) => write('error', what, { error }),
  };
}

/** Errors have no enumerable properties: without this they are written as `{}`. */
function plain(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_AT_BYTES) renameSync(file, `${file}.old`);
}
