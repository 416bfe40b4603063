import { spawn } from 'node:child_process';

/**
 * @typedef {object} Child
 * @property {Promise<number>} ended resolves to the exit code, 128 when a signal ended it.
 * @property {(graceMs: number) => Promise<void>} stop ask it to end, and make it end after `graceMs`.
 */

/**
 * Start a program that runs beside us.
 *
 * It gets its own process group, so that Ctrl+C in the terminal reaches us alone and we end what we started in the
 * right order.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, output: number | 'ignore' }} options `output`: a file for what it says.
 * @returns {Child}
 */
export function startChild(command, args, { env, output }) {
  const child = spawn(command, args, {
    env: env ?? process.env,
    stdio: ['ignore', output, output],
    detached: true,
  });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 128));
  });
  return {
    ended,
    async stop(graceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}

/**
 * @param {number} pid
 * @returns {boolean} whether there is such a process.
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
