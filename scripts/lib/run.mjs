import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} code exit code; 127 when the program could not be started, 124 when it took too long,
 *   128 + n when signal n ended it, as shells count.
 * @property {string} stdout
 * @property {string} output standard output and standard error, in the order they came.
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] default: the root of the checkout.
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [show] let the program write to our terminal as well.
 * @property {number} [timeoutMs]
 */

/**
 * Run a program to its end. Never throws for what the program does.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    let late = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            child.kill('SIGKILL');
          }, options.timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
      output += text;
      if (options.show === true) process.stdout.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
      if (options.show === true) process.stderr.write(text);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, stdout, output: `${output}${error.message}\n` });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: late ? 124 : (code ?? 128 + signalNumber(signal)), stdout, output });
    });
  });
}

/**
 * Run a program that has to succeed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} what it wrote to standard output.
 * @throws {Error} with the command and the end of what it said.
 */
export async function mustRun(command, args, options = {}) {
  const { code, stdout, output } = await run(command, args, options);
  if (code === 0) return stdout;
  const said = options.show === true ? '' : `\n${output.trimEnd().split('\n').slice(-30).join('\n')}`;
  throw new Error(`${command} ${args.join(' ')} ended with code ${code}${said}`);
}

/**
 * Find a program as a shell would, and also in the administrator's folders, which not everybody has in PATH.
 *
 * @param {string} name
 * @returns {string | undefined} its path.
 */
export function findProgram(name) {
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/**
 * A program of an installed npm package.
 *
 * @param {string} name
 * @returns {string}
 */
export function npmProgram(name) {
  return join(root, 'node_modules', '.bin', name);
}

/** @param {NodeJS.Signals | null} signal */
function signalNumber(signal) {
  return signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15;
}
