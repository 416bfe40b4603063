/**
 * `npm run lint`: types, rules of the code, formatting, the import table, unused code. One line each; what is wrong
 * follows. usage: node scripts/lint.mjs
 */
import { checkImportRules } from './lib/import-rules.mjs';
import { npmProgram, run } from './lib/run.mjs';
import { isMain, runMain, seconds } from './lib/say.mjs';

/**
 * @typedef {{ name: string, check: () => Promise<string> }} Check resolves to what is wrong, "" when nothing is.
 */

/** What Git ignores is nobody's handwriting. */
const onlyTracked = ['--vcs-enabled=true', '--vcs-client-kind=git', '--vcs-use-ignore-file=true'];

/** @type {Check} */
const types = { name: 'types', check: () => program('tsc', ['-b']) };

/**
 * The rules read the declarations that the type check writes, so it comes first.
 *
 * @type {readonly Check[]}
 */
const afterTypes = [
  { name: 'rules', check: () => program('oxlint', ['--type-aware', '--deny-warnings', '--quiet']) },
  { name: 'types of scripts', check: () => program('tsc', ['-p', 'scripts']) },
  { name: 'formatting', check: () => program('biome', ['format', '--colors=off', ...onlyTracked, '.']) },
  { name: 'imports', check: async () => (await checkImportRules()).join('\n') },
  { name: 'unused code', check: () => program('knip', ['--no-progress']) },
];

/**
 * @returns {Promise<boolean>} whether everything is clean.
 */
export async function lint() {
  let clean = await report(types);
  const queue = [...afterTypes];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      clean = (await report(next)) && clean;
    }
  };
  await Promise.all([worker(), worker()]);
  return clean;
}

/**
 * @param {Check} check
 * @returns {Promise<boolean>}
 */
async function report({ name, check }) {
  const start = performance.now();
  const wrong = await check();
  process.stdout.write(`lint: ${wrong === '' ? 'ok  ' : 'FAIL'} ${name} (${seconds(start)})\n`);
  if (wrong !== '') process.stdout.write(`${wrong.trimEnd()}\n\n`);
  return wrong === '';
}

/**
 * @param {string} name of an installed npm package's program.
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
async function program(name, args) {
  const { code, output } = await run(npmProgram(name), args);
  return code === 0 ? '' : output.trim() || `${name} ended with code ${code}`;
}

if (isMain(import.meta.url)) await runMain(async () => ((await lint()) ? 0 : 1));
