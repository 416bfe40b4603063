import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './paths.mjs';

const fixture = join(root, 'tests', 'fixtures', 'forbidden-imports');
const sources = [
  'contract/src',
  'libvirt/src',
  'host-service/src',
  'src-main',
  'src-preload',
  'src-renderer',
];

/**
 * @typedef {{ rule: string, from: string, to: string }} Violation
 */

/**
 * Check the import table, on the product and on the fixture that breaks it on purpose.
 *
 * @returns {Promise<string[]>} what is wrong, one line each.
 */
export async function checkImportRules() {
  const problems = (await cruiseFrom(root, sources)).map(
    ({ rule, from, to }) => `${from} must not import ${to} (${rule})`,
  );
  return [...problems, ...(await checkFixture())];
}

/** @returns {Promise<string[]>} */
async function checkFixture() {
  const files = (await readdir(fixture, { recursive: true })).filter((file) => /\.tsx?$/.test(file));
  const found = await cruiseFrom(fixture, files);
  const problems = [];
  const proven = new Set();
  for (const file of files) {
    const declared = declaredRules(await readFile(join(fixture, file), 'utf8'));
    const broken = new Set(found.filter(({ from }) => from === file).map(({ rule }) => rule));
    for (const rule of declared) {
      proven.add(rule);
      if (!broken.has(rule)) problems.push(`the rule ${rule} did not notice ${file} of the fixture`);
    }
    for (const rule of broken) {
      if (!declared.includes(rule)) problems.push(`${file} of the fixture breaks ${rule}, too`);
    }
  }
  for (const { name } of loadRules().forbidden) {
    if (!proven.has(name)) problems.push(`nothing in ${fixture} proves that the rule ${name} bites`);
  }
  return problems;
}

/** @param {string} text */
function declaredRules(text) {
  return /^\/\/ breaks: (.+)$/m.exec(text)?.[1]?.split(' ') ?? [];
}

/**
 * @param {string} baseDir what the rules' paths are relative to.
 * @param {string[]} paths
 * @returns {Promise<Violation[]>}
 */
async function cruiseFrom(baseDir, paths) {
  // The library, not its command line: that one refuses Node 20, on which the library works.
  const { cruise } = await import('dependency-cruiser');
  const { options, ...ruleSet } = loadRules();
  const { output } = await cruise(paths, { ...options, ruleSet, validate: true, baseDir });
  if (typeof output === 'string')
    throw new Error('dependency-cruiser answered with text instead of a result');
  return output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}

/** @returns {{ options: object, forbidden: import('dependency-cruiser').IForbiddenRuleType[] }} */
function loadRules() {
  return createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
}
