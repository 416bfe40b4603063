import { watch } from 'node:fs';
import { access, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, startChild } from './child.mjs';
import { root } from './paths.mjs';
import { mustRun } from './run.mjs';

const program = join(root, 'host-service', 'dist', 'main.js');
const startLimitMs = 60_000;

/**
 * What a host service writes to `service.json` in its data directory while it listens.
 *
 * @typedef {{ pid: number, address: string, fingerprint: string, controlSocket: string }} ServiceState
 */

/**
 * @typedef {object} HostService
 * @property {ServiceState} state
 * @property {import('./child.mjs').Child | undefined} child `undefined` when it was running before us.
 */

/**
 * Make keys, database and the first administrator. Does nothing where a service ran before, which saves a second: the
 * embedded database is slow to open, and the service itself makes good what was lost since.
 *
 * @param {string} data the data directory.
 * @returns {Promise<{ username: string, password: string } | undefined>} the administrator, if this made one; the
 *   password cannot be asked for again.
 */
export async function initialise(data) {
  if (await exists(logFile(data))) return undefined;
  await mkdir(data, { recursive: true, mode: 0o700 });
  const answer = JSON.parse(await mustRun(process.execPath, [program, 'init', '--data', data, '--json']));
  return answer.administrator ?? undefined;
}

/**
 * Use the host service that runs on a data directory, or start one and wait until it listens.
 *
 * @param {string} data
 * @param {AbortSignal} interrupt gives up waiting, and ends what was started.
 * @returns {Promise<HostService>}
 * @throws {Error} with the end of its log, when it does not come up.
 */
export async function startHostService(data, interrupt) {
  const running = await readState(data);
  if (running !== undefined) return { state: running, child: undefined };
  const path = logFile(data);
  const log = await open(path, 'a', 0o600);
  const child = startChild(process.execPath, [program, 'serve', '--data', data], { output: log.fd });
  await log.close();
  try {
    return { state: await whenListening(data, child, interrupt), child };
  } catch (error) {
    await child.stop(5000);
    const tail = (await readFile(path, 'utf8')).trimEnd().split('\n').slice(-5).join('\n');
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tail}`, { cause: error });
  }
}

/**
 * A link that pairs a desktop with the running host service. Valid once, for a short time.
 *
 * @param {string} data
 * @returns {Promise<{ link: string, expiresAt: string }>}
 */
export async function pairingLink(data) {
  return JSON.parse(await mustRun(process.execPath, [program, 'pair', '--data', data, '--json']));
}

/**
 * @param {string} data
 * @returns {string}
 */
export function logFile(data) {
  return join(data, 'service.log');
}

/**
 * Where the desktop's own output goes: Chromium complains at length about machines without a session bus.
 *
 * @param {string} data
 * @returns {string}
 */
export function desktopLogFile(data) {
  return join(data, 'desktop.log');
}

/**
 * @param {string} data
 * @param {import('./child.mjs').Child} child
 * @param {AbortSignal} interrupt
 * @returns {Promise<ServiceState>}
 */
function whenListening(data, child, interrupt) {
  return new Promise((resolve, reject) => {
    const watcher = watch(data);
    const timer = setTimeout(() => finish(new Error('the host service does not come up')), startLimitMs);
    const giveUp = () => finish(new Error('interrupted while the host service was starting'));
    /** @param {ServiceState | Error} outcome */
    function finish(outcome) {
      clearTimeout(timer);
      interrupt.removeEventListener('abort', giveUp);
      watcher.close();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    }
    async function look() {
      const state = await readState(data);
      if (state !== undefined) finish(state);
    }
    async function failWhenEnded() {
      try {
        finish(new Error(`the host service ended with code ${await child.ended}`));
      } catch (error) {
        finish(error instanceof Error ? error : new Error(String(error)));
      }
    }
    interrupt.addEventListener('abort', giveUp);
    watcher.on('change', () => void look());
    void failWhenEnded();
    void look();
  });
}

/**
 * @param {string} data
 * @returns {Promise<ServiceState | undefined>} `undefined` when none runs; a file left by a killed one does not count.
 */
async function readState(data) {
  try {
    /** @type {ServiceState} */
    const state = JSON.parse(await readFile(join(data, 'service.json'), 'utf8'));
    return isAlive(state.pid) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} path */
async function exists(path) {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
