import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { mustRun } from './run.mjs';
import { say, seconds } from './say.mjs';

/**
 * Install the npm packages of the lockfile, unless exactly those are installed.
 *
 * @throws {Error} when npm fails, with the end of what it said.
 */
export async function installNpmPackages() {
  const wanted = await lockedVersions(join(root, 'package-lock.json'));
  const present = await lockedVersions(join(root, 'node_modules', '.package-lock.json')).catch(
    () => new Map(),
  );
  let reason = present.size === 0 ? 'node_modules is missing' : '';
  for (const [path, { version, optional }] of wanted) {
    const found = present.get(path);
    // Optional ones are for other platforms, mostly.
    if (found === undefined ? optional : found.version === version) continue;
    reason ||= `${path.replace(/^.*node_modules\//, '')} ${version} is not installed`;
  }
  if (reason === '') return;
  say(`installing npm packages (${reason})`);
  const start = performance.now();
  // Not `npm ci`: it refuses a lockfile without the optional packages of every other platform, and a registry
  // mirror may not have those. This installs the locked versions as well, and leaves the lockfile alone.
  // No package needs its install script; Electron's binary is fetched when it is first needed.
  await mustRun('npm', [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  say(`npm packages installed in ${seconds(start)}`);
}

/**
 * @param {string} file
 * @returns {Promise<Map<string, { version: string, optional: boolean }>>} by path below the root.
 */
async function lockedVersions(file) {
  const { packages } = JSON.parse(await readFile(file, 'utf8'));
  const versions = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    // Workspaces are links to ourselves, and the root is us.
    if (!path.includes('node_modules/') || entry.link === true) continue;
    versions.set(path, {
      version: String(entry.version),
      optional: entry.optional === true || entry.devOptional === true,
    });
  }
  return versions;
}
