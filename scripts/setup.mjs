/**
 * Install what LIMEN needs on this machine and lacks: npm packages, and Debian packages by group. Says what it
 * installs and why; does nothing, in ~50 ms, when all is there.
 *
 * usage: node scripts/setup.mjs [hypervisor] [desktop] [test] [cloud]      default: hypervisor desktop
 */
import { aptPackages } from './lib/apt-packages.mjs';
import { installMissingPackages } from './lib/apt.mjs';
import { installNpmPackages } from './lib/npm-packages.mjs';
import { isMain, runMain } from './lib/say.mjs';

/** @typedef {import('./lib/apt-packages.mjs').Group} Group */

/**
 * @param {readonly Group[]} groups
 * @throws {Error} saying what to do, when something cannot be installed.
 */
export async function setUp(groups) {
  requireNode();
  await installMissingPackages(groups);
  await installNpmPackages();
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 10)) {
    throw new Error(`Node 20.10 or newer is needed; this is ${process.versions.node} (${process.execPath})`);
  }
}

/**
 * @param {string} name
 * @returns {name is Group}
 */
function isGroup(name) {
  return Object.hasOwn(aptPackages, name);
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const asked = process.argv.slice(2);
    const unknown = asked.find((name) => !isGroup(name));
    if (unknown !== undefined)
      throw new Error(`no such group: ${unknown} (${Object.keys(aptPackages).join(', ')})`);
    await setUp(asked.length === 0 ? ['hypervisor', 'desktop'] : asked.filter(isGroup));
  });
}
