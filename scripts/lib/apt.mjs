import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { aptPackages } from './apt-packages.mjs';
import { findProgram, mustRun, run } from './run.mjs';
import { say } from './say.mjs';

/** @typedef {import('./apt-packages.mjs').Group} Group */

/**
 * The packages of some groups that are not installed. One call of dpkg-query for all: ~20 ms.
 *
 * @param {readonly Group[]} groups
 * @returns {Promise<Map<Group, Array<readonly string[]>>>} alternatives for each missing one; groups that are
 *   complete are left out.
 */
export async function missingPackages(groups) {
  const wanted = groups.flatMap((group) =>
    aptPackages[group].packages.map((entry) => ({ group, names: [entry].flat() })),
  );
  const { stdout } = await run('dpkg-query', [
    '--show',
    '--showformat=${db:Status-Status} ${Package}\\n',
    ...wanted.flatMap(({ names }) => names),
  ]);
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice('installed '.length)),
  );
  /** @type {Map<Group, Array<readonly string[]>>} */
  const missing = new Map();
  for (const { group, names } of wanted) {
    if (names.some((name) => installed.has(name))) continue;
    missing.set(group, [...(missing.get(group) ?? []), names]);
  }
  return missing;
}

/**
 * Install what is missing on Debian and its relatives; elsewhere say what is needed and go on, the person may
 * have it under another name.
 *
 * @param {readonly Group[]} groups
 * @throws {Error} with the exact command, when it takes an administrator and we are none.
 */
export async function installMissingPackages(groups) {
  if (findProgram('dpkg-query') === undefined || findProgram('apt-get') === undefined) {
    sayWhatIsNeeded(groups);
    return;
  }
  const missing = await missingPackages(groups);
  if (missing.size === 0) return;
  const become = await administrator('to install what is missing');
  if (become === undefined) {
    const names = [...(await chosenPackages(missing)).values()].flat();
    throw new Error(
      `packages are missing; as root, run:\n  apt-get update && apt-get install --no-install-recommends ${names.join(' ')}`,
    );
  }
  await mustRun(...withPrefix(become, ['apt-get', '-qq', 'update']), { show: true });
  const chosen = await chosenPackages(missing);
  for (const [group, names] of chosen) {
    say(`installing ${names.join(', ')} ${aptPackages[group].why}`);
  }
  const install = [...chosen.values()].flat();
  if (install.includes('postgresql')) await keepPostgresIdle(become);
  await mustRun(
    ...withPrefix(become, [
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qq',
      '-o',
      'Dpkg::Use-Pty=0',
      '-o',
      'Dpkg::Options::=--force-confold',
      'install',
      '--no-install-recommends',
      '-y',
      ...install,
    ]),
  );
}

/**
 * How to become an administrator. Asks for the password where sudo wants one and somebody can type it.
 *
 * @param {string} purpose such as "to start libvirt", for the person who is asked.
 * @returns {Promise<readonly string[] | undefined>} words to put before a command, none for root; `undefined` when
 *   there is no way.
 */
export async function administrator(purpose) {
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') === undefined) return undefined;
  const sudo = ['sudo', '--non-interactive'];
  if ((await run(...withPrefix(sudo, ['true']))).code === 0) return sudo;
  if (!process.stdin.isTTY) return undefined;
  say(`your password is needed ${purpose}`);
  // sudo talks to the terminal itself and remembers the answer for a few minutes.
  const { code } = await run('sudo', ['--validate'], { show: true });
  return code === 0 ? ['sudo'] : undefined;
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} command
 * @returns {[string, string[]]} for `run`.
 */
export function withPrefix(prefix, command) {
  const [program = '', ...args] = [...prefix, ...command];
  return [program, args];
}

/**
 * Choose among alternatives: the first one that apt can install. Where it knows none, as before the first
 * `apt-get update`, the oldest name, which newer distributions still translate.
 *
 * @param {ReadonlyMap<Group, ReadonlyArray<readonly string[]>>} missing
 * @returns {Promise<Map<Group, string[]>>}
 */
async function chosenPackages(missing) {
  const known = await knownPackages([...missing.values()].flat(2));
  /** @type {Map<Group, string[]>} */
  const chosen = new Map();
  for (const [group, entries] of missing) {
    chosen.set(
      group,
      entries.map(
        (alternatives) => alternatives.find((name) => known.has(name)) ?? alternatives.at(-1) ?? '',
      ),
    );
  }
  return chosen;
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<Set<string>>} those that can be installed.
 */
async function knownPackages(names) {
  const { stdout } = await run('apt-cache', ['policy', ...names], { env: { ...process.env, LC_ALL: 'C' } });
  const known = new Set();
  let name = '';
  for (const line of stdout.split('\n')) {
    if (/^\S.*:$/.test(line)) name = line.slice(0, -1);
    else if (line.startsWith('  Candidate:') && !line.endsWith('(none)')) known.add(name);
  }
  return known;
}

/**
 * Debian makes and starts a cluster when PostgreSQL is installed. The tests make their own, so that one would only
 * take memory and a port: ask the packaging not to make it, unless somebody already decided.
 *
 * @param {readonly string[]} become
 */
async function keepPostgresIdle(become) {
  const file = '/etc/postgresql-common/createcluster.conf';
  try {
    await access(file);
    return;
  } catch {
    // Not decided yet.
  }
  say(`PostgreSQL is installed without a running cluster (${file}: create_main_cluster = false)`);
  if (become.length === 0) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'create_main_cluster = false\n');
    return;
  }
  await mustRun(
    ...withPrefix(become, [
      'sh',
      '-c',
      `mkdir -p ${dirname(file)} && echo 'create_main_cluster = false' >${file}`,
    ]),
  );
}

/** @param {readonly Group[]} groups */
function sayWhatIsNeeded(groups) {
  if (process.platform !== 'linux' && groups.includes('hypervisor')) {
    throw new Error('virtual machines run on Linux hosts only; on this computer run the desktop alone');
  }
  say('this is no Debian or Ubuntu, so nothing is installed for you; LIMEN needs (Debian package names):');
  for (const group of groups) {
    const names = aptPackages[group].packages.map((entry) => [entry].flat().at(-1));
    say(`  ${aptPackages[group].why}: ${names.join(' ')}`);
  }
}
