import { pathToFileURL } from 'node:url';

/**
 * One line for the person at the terminal.
 *
 * @param {string} text
 */
export function say(text) {
  process.stdout.write(`limen: ${text}\n`);
}

/**
 * The same beside a program's result, which may be read by another program.
 *
 * @param {string} text
 */
export function note(text) {
  process.stderr.write(`limen: ${text}\n`);
}

/**
 * Run a script's main function: a failure is one readable message and exit code 1, not a stack.
 *
 * @param {() => Promise<number | void>} main resolves to the exit code, 0 when it says nothing.
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    if (process.env['LIMEN_DEBUG'] !== undefined && error instanceof Error) note(error.stack ?? '');
    process.exitCode = 1;
  }
}

/**
 * Whether a module is the program that was started, rather than imported.
 *
 * @param {string} url the module's `import.meta.url`.
 */
export function isMain(url) {
  const started = process.argv[1];
  return started !== undefined && url === pathToFileURL(started).href;
}

/**
 * @param {number} since `performance.now()` at the start.
 * @returns {string} such as "1.4 s".
 */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
