import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cache, root } from './paths.mjs';
import { mustRun, npmProgram } from './run.mjs';
import { say, seconds } from './say.mjs';

const desktopOutputs = ['out/main/index.cjs', 'out/preload/index.cjs', 'out/renderer/index.html'];
/** What the desktop's bundles are made from; the host service's build tracks its own inputs. */
const desktopInputs = [
  'contract/src',
  'src-main',
  'src-preload',
  'src-renderer',
  'electron.vite.config.ts',
  'package-lock.json',
  'tsconfig.base.json',
];
const stampFile = join(cache, 'desktop-build.stamp');

/**
 * Compile what is not up to date: the host service with everything below it, and the desktop's bundles.
 *
 * @param {{ desktop: boolean }} what
 * @throws {Error} with the compiler's output.
 */
export async function build({ desktop }) {
  const start = performance.now();
  await mustRun(npmProgram('tsc'), ['-b', 'host-service']);
  if (desktop && !(await desktopIsUpToDate())) {
    const stamp = await desktopStamp();
    await mustRun(npmProgram('electron-vite'), ['build', '--logLevel', 'warn']);
    await mkdir(cache, { recursive: true });
    await writeFile(stampFile, stamp);
    say(`built in ${seconds(start)}`);
  }
}

async function desktopIsUpToDate() {
  try {
    await Promise.all(desktopOutputs.map((file) => stat(join(root, file))));
    return (await readFile(stampFile, 'utf8')) === (await desktopStamp());
  } catch {
    return false;
  }
}

/** @returns {Promise<string>} a hash over name, size and time of every input. */
async function desktopStamp() {
  const hash = createHash('sha256');
  for (const input of desktopInputs) {
    for (const file of await pathsBelow(join(root, input))) {
      const found = await stat(file);
      if (!found.isFile()) continue;
      const { size, mtimeMs } = found;
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} path a file or a folder.
 * @returns {Promise<string[]>} sorted, tests left out.
 */
async function pathsBelow(path) {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => !/\.test\.tsx?$/.test(name))
    .map((name) => join(path, name))
    .sort();
}
