import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What is slow to make and safe to lose. Never committed. */
export const cache = join(root, '.cache');

/**
 * Where a host service keeps its database and keys when it is started with `npm start`.
 *
 * @returns {string}
 */
export function dataDirectory() {
  const given = process.env['LIMEN_DATA'];
  if (given !== undefined && given !== '') return given;
  return join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'limen');
}
